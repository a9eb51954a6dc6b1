package org.voco4j.pretext.transvw;

import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;

/** TransVW as a method of pre-training: {@code pretext.task: transvw}. */
public final class TransVwMethod extends PretextMethod<TransVwSettings> {
    /** The method. */
    public TransVwMethod() {
        super(
                "transvw",
                new MethodAbout(
                        "TransVW",
                        "which word is a distorted crop, and what did it look like",
                        "Haghighi et al., IEEE TMI 2021; VoCo's Tables 2 and 11",
                        "the authors' code; words without a search",
                        MethodAbout.WITH_DECODER),
                TransVwSettings.class);
    }

    @Override
    public PretextTask task(TransVwSettings settings, Setup setup) {
        return new TransVw(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of(
                "Loss",
                Map.of("total", "loss", "restoration", "restoration", "word", "word"),
                "Words told right",
                scored("accuracy"));
    }
}
