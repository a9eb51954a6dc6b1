package org.voco4j.pretext.jigsaw;

import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Puzzles;
import org.voco4j.volume.Shape3;

/** Jigsaw as a method of pre-training: {@code pretext.task: jigsaw}. */
public final class JigsawMethod extends PretextMethod<JigsawSettings> {
    /** The method. */
    public JigsawMethod() {
        super(
                "jigsaw",
                new MethodAbout(
                        "jigsaw",
                        "in which order do the pieces of a region lie",
                        "Noroozi and Favaro, ECCV 2016; in 3-D Taleb et al., NeurIPS 2020; VoCo's Table 2",
                        "the code of a study of 3-D tasks (Medical-SSL)",
                        MethodAbout.ALL),
                JigsawSettings.class);
    }

    @Override
    public void require(JigsawSettings settings, Shape3 volume, int crop) {
        Puzzles.requireCells(volume, settings.region(), settings.grid());
    }

    @Override
    public PretextTask task(JigsawSettings settings, Setup setup) {
        return new Jigsaw(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of("Loss", Map.of("cross entropy", "loss"), "Puzzles solved", scored("accuracy"));
    }
}
