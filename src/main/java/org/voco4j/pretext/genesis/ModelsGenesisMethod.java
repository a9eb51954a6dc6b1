package org.voco4j.pretext.genesis;

import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;

/** Models Genesis as a method of pre-training: {@code pretext.task: models-genesis}. */
public final class ModelsGenesisMethod extends PretextMethod<ModelsGenesisSettings> {
    /** The method. */
    public ModelsGenesisMethod() {
        super(
                "models-genesis",
                new MethodAbout(
                        "Models Genesis",
                        "what did a crop look like before it was distorted",
                        "Zhou et al., MedIA 2021; VoCo's Tables 1, 2, 3 and 11, MG",
                        "the authors' code",
                        MethodAbout.WITH_DECODER),
                ModelsGenesisSettings.class);
    }

    @Override
    public PretextTask task(ModelsGenesisSettings settings, Setup setup) {
        return new ModelsGenesis(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of("Loss", scored("loss"));
    }
}
