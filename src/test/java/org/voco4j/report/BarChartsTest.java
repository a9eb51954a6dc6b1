package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Rectangle;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Bars} and {@link OverlapChart}. */
final class BarChartsTest {
    private static final double NAN = Double.NaN;

    @Test
    void theResultsBarIsAsLongAsItsScore() {
        Bars.Bar full = Bars.Bar.control("the most there is", 1);
        Rectangle half = Pixels.bounds(
                Bars.draw("Retrieval", "share", List.of(full, Bars.Bar.result("trained", 0.5, NAN, NAN))), Ink.BLUE);
        Rectangle quarter = Pixels.bounds(
                Bars.draw("Retrieval", "share", List.of(full, Bars.Bar.result("trained", 0.25, NAN, NAN))), Ink.BLUE);
        assertThat(half.isEmpty()).isFalse();
        assertThat(quarter.isEmpty()).isFalse();
        assertThat(half.width / (double) quarter.width).isCloseTo(2, within(0.02));
    }

    @Test
    void aMissingScoreHasNoBarAndANegativeOneIsRefused() {
        Picture picture = Bars.draw(
                "Retrieval",
                "share",
                List.of(Bars.Bar.control("chance", 0.1), Bars.Bar.result("trained", NAN, NAN, NAN)));
        assertThat(Pixels.count(picture, Ink.BLUE)).isZero();
        assertThatThrownBy(() -> Bars.draw("Retrieval", "share", List.of(Bars.Bar.control("chance", -0.5))))
                .hasMessage("the score of 'chance' is -0.5, expected 0 or more");
        assertThatThrownBy(() -> Bars.draw("Retrieval", "share", List.of())).hasMessageContaining("'Retrieval'");
    }

    @Test
    void anIntervalMakesRoomForItself() {
        Bars.Bar wide = Bars.Bar.result("trained", 0.5, 0.1, 0.9);
        Picture with = Bars.draw("Retrieval", "share", List.of(wide));
        Picture without = Bars.draw("Retrieval", "share", List.of(Bars.Bar.result("trained", 0.5, NAN, NAN)));
        assertThat(with.width()).isEqualTo(without.width());
        Rectangle bar = Pixels.bounds(with, Ink.BLUE);
        Rectangle alone = Pixels.bounds(without, Ink.BLUE);
        assertThat(bar.isEmpty()).isFalse();
        assertThat(alone.isEmpty()).isFalse();
        assertThat(bar.width).isLessThan(alone.width);
    }

    @Test
    void aCropIsFoundAtAnyBaseWithTheLargestShare() {
        assertThat(crop(new double[] {0.4, 0.4, 0.2}, 0.1, 0.3, 0.2).isFound()).isTrue();
        assertThat(crop(new double[] {0.4, 0.4, 0.2}, 0.3, 0.1, 0.2).isFound()).isTrue();
        assertThat(crop(new double[] {0.4, 0.4, 0.2}, 0.1, 0.2, 0.3).isFound()).isFalse();
        assertThat(crop(new double[] {0.4, 0.6}, NAN, 0.1).isFound()).isTrue();
        assertThat(crop(new double[] {0.4, 0.6}, NAN, NAN).isFound()).isFalse();
    }

    @Test
    void barsStandOnTheirBaseWithTheirShare() {
        Picture picture = OverlapChart.draw(List.of(crop(new double[] {0, 0, 1, 0}, 0, 0, 0.5, 0)));
        Rectangle legend = new Rectangle(0, 0, picture.width(), 44);
        int pale = Pixels.count(picture, Ink.PALE_BLUE) - Pixels.count(picture, Ink.PALE_BLUE, legend);
        int strong = Pixels.count(picture, Ink.BLUE) - Pixels.count(picture, Ink.BLUE, legend);
        // Widths 0.8 and 0.3 of a slot, heights 1 and 0.5: areas 0.8 − 0.15 and 0.15.
        assertThat(pale / (double) strong).isCloseTo(0.65 / 0.15, within(0.25));
    }

    @Test
    void aHundredBasesAndMissingPredictionsAreDrawn() {
        double[] truth = new double[100];
        double[] none = new double[100];
        java.util.Arrays.fill(none, NAN);
        truth[42] = 1;
        OverlapChart.Crop crop =
                new OverlapChart.Crop("a crop with a name that is much too long for its chart", truth, none);
        Picture picture = OverlapChart.draw(Collections.nCopies(7, crop));
        assertThat(picture.width()).isEqualTo(3 * 304);
        assertThat(picture.height()).isEqualTo(44 + 3 * 180 + 8);
        Rectangle charts = new Rectangle(0, 44, picture.width(), picture.height() - 44);
        assertThat(Pixels.count(picture, Ink.BLUE, charts)).isZero();
    }

    @Test
    void lengthsMustAgree() {
        assertThatThrownBy(() -> crop(new double[] {1}, 1, 2))
                .hasMessage("crop 'a' has 1 true shares and 2 predicted ones");
        assertThatThrownBy(() -> OverlapChart.draw(List.of())).hasMessageContaining("at least 1 crop");
    }

    private static OverlapChart.Crop crop(double[] truth, double... predicted) {
        return new OverlapChart.Crop("a", truth, predicted);
    }
}
