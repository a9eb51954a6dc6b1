package org.voco4j.pretext.genesis;

import java.util.Map;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;

/** Models Genesis as a method of pre-training: {@code pretext.task: models-genesis}. */
public final class ModelsGenesisMethod extends PretextMethod<ModelsGenesisSettings> {
    /** The method. */
    public ModelsGenesisMethod() {
        super("models-genesis", "Models Genesis", ModelsGenesisSettings.class);
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
