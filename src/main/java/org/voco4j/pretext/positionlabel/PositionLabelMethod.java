package org.voco4j.pretext.positionlabel;

import java.util.Locale;
import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.Choice;

/** Position labels as a method of pre-training: {@code pretext.task: positionlabel}. */
public final class PositionLabelMethod extends PretextMethod<PositionLabelSettings> {
    /** The method. */
    public PositionLabelMethod() {
        super(
                "positionlabel",
                new MethodAbout(
                        "PositionLabel",
                        "where does each token of a crop lie",
                        "Zhang and Gong 2022; VoCo's Tables 1 to 5",
                        "the authors' code, of the head; how VoCo trained it alone is not published",
                        MethodAbout.ALL),
                PositionLabelSettings.class);
    }

    @Override
    public PretextTask task(PositionLabelSettings settings, Setup setup) {
        return new PositionLabel(settings, setup);
    }

    @Override
    public String variant(PositionLabelSettings settings) {
        return settings.labels().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of(
                "Loss",
                Map.of("cross entropy", "loss"),
                "Tokens placed",
                scored(Choice.ACCURACY),
                "Pairs of tokens placed",
                Map.of("in training", PositionLabel.OFFSETS + "." + Choice.ACCURACY));
    }
}
