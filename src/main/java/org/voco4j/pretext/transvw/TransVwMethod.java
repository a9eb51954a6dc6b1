package org.voco4j.pretext.transvw;

import java.util.Map;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;

/** TransVW as a method of pre-training: {@code pretext.task: transvw}. */
public final class TransVwMethod extends PretextMethod<TransVwSettings> {
    /** The method. */
    public TransVwMethod() {
        super("transvw", "TransVW", TransVwSettings.class);
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
