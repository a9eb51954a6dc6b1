package org.voco4j.pretext.rubik;

import java.util.LinkedHashMap;
import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;
import org.voco4j.pretext.part.Puzzles;
import org.voco4j.volume.Shape3;

/** Rubik's cube as a method of pre-training: {@code pretext.task: rubik}. */
public final class RubikMethod extends PretextMethod<RubikSettings> {
    /** The method. */
    public RubikMethod() {
        super(
                "rubik",
                new MethodAbout(
                        "Rubik's cube",
                        "in which order do the pieces of a region lie, and which are turned or masked",
                        "Zhuang et al., MICCAI 2019; with masks Zhu et al., Medical Image Analysis 2020; VoCo's Table 2",
                        "the code of a study of 3-D tasks (Medical-SSL)",
                        MethodAbout.ALL),
                RubikSettings.class);
    }

    @Override
    public void require(RubikSettings settings, Shape3 volume, int crop) {
        if (volume.z() == 1) {
            throw new IllegalArgumentException(
                    "pretext.task: rubik turns pieces about x, which those of images of one slice cannot be");
        }
        Puzzles.requireCells(volume, settings.region(), settings.grid());
    }

    @Override
    public PretextTask task(RubikSettings settings, Setup setup) {
        return new Rubik(settings, setup);
    }

    @Override
    public String variant(RubikSettings settings) {
        return settings.mask() ? "plus" : "plain";
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("turned about x", Rubik.TURNED_X);
        flags.put("turned about z", Rubik.TURNED_Z);
        return Map.of(
                "Loss",
                Map.of("total", "loss"),
                "Orders recognised",
                scored(Choice.ACCURACY),
                "Flags recognised (balanced)",
                flags);
    }
}
