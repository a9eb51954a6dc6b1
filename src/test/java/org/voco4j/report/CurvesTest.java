package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Rectangle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CurvesTest {
    private static final double NAN = Double.NaN;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void onePointIsADot() {
        Picture picture = Curves.draw(List.of(panel(Series.solid("loss", new double[] {1}, new double[] {3.5}))));
        Rectangle dot = dotsAndLines(picture, 300);
        assertThat(dot.width).isBetween(8, 13);
        assertThat(dot.height).isBetween(8, 13);
    }

    @Test
    void withoutAnyNumberThePanelSaysSo() {
        Picture nothing = Curves.draw(List.of(panel(Series.solid("loss", new double[0], new double[0]))));
        Picture nan = Curves.draw(List.of(panel(Series.solid("loss", new double[] {1, 2}, new double[] {NAN, NAN}))));
        Picture infinite = Curves.draw(
                List.of(panel(Series.solid("loss", new double[] {1}, new double[] {Double.POSITIVE_INFINITY}))));
        assertThat(nan.png()).isEqualTo(nothing.png()).isEqualTo(infinite.png());
        assertThat(Pixels.count(nothing, Ink.line(0))).isZero();
        assertThat(Pixels.count(nothing, Ink.SOFT)).isPositive();
    }

    @Test
    void aNumberThatIsMissingIsAGap() {
        double[] x = {0, 1, 2, 3, 4};
        Picture whole = Curves.draw(List.of(panel(Series.solid("loss", x, new double[] {2, 2, 2, 2, 2.01}))));
        Picture gap = Curves.draw(List.of(panel(Series.solid("loss", x, new double[] {2, 2, NAN, 2, 2.01}))));
        Rectangle frame = frame(whole);
        Rectangle middle = new Rectangle(frame.x / 2 + frame.width / 4 - 20, 40, 40, 190);
        assertThat(Pixels.count(whole, Ink.line(0), middle)).isGreaterThan(40);
        assertThat(Pixels.count(gap, Ink.line(0), middle)).isZero();
    }

    @Test
    void levelsAreDashedAndReachAcrossThePanel() {
        Picture picture = Curves.draw(List.of(panel(
                Series.solid("trained", new double[] {0, 100}, new double[] {0.1, 0.9}), Series.level("chance", 0.5))));
        Rectangle frame = frame(picture);
        int row = frame.y + frame.height;
        int best = 0;
        int changes = 0;
        for (int y = 80; y < row - 10; y++) {
            int count = 0;
            int changed = 0;
            boolean before = false;
            for (int x = frame.x; x < frame.x + frame.width; x++) {
                boolean ink = (picture.image().getRGB(x, y) & 0xFFFFFF) == (Ink.CONTROL.getRGB() & 0xFFFFFF);
                count += ink ? 1 : 0;
                changed += ink != before ? 1 : 0;
                before = ink;
            }
            changes = count > best ? changed : changes;
            best = Math.max(best, count);
        }
        assertThat(best / (double) frame.width).isBetween(0.4, 0.7); // five on, four off
        assertThat(changes).isGreaterThan(frame.width / 20);
    }

    @Test
    void aHundredThousandPointsKeepTheirPeakAndAreCheap() {
        int n = 100_000;
        double[] x = new double[n];
        double[] y = new double[n];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < n; i++) {
            x[i] = i;
            y[i] = 1 + 0.1 * random.nextDouble();
        }
        y[77_777] = 1.35;
        Series series = Series.solid("loss", x, y);
        Series thin = Thinning.thin(series);
        assertThat(thin.length()).isLessThanOrEqualTo(1000);
        double highest = 0;
        for (int i = 0; i < thin.length(); i++) {
            assertThat(i == 0 || thin.x(i) > thin.x(i - 1)).isTrue();
            highest = Math.max(highest, thin.y(i));
        }
        assertThat(highest).isEqualTo(1.35);
        List<Panel> panels = List.of(panel(series, series, series), panel(series), panel(series), panel(series));
        assertThat(leastCpuSeconds(() -> Curves.draw(panels).png())).isLessThan(0.5);
    }

    /** The processor time of the calling thread, the least of a few runs: other programs do not count. */
    private static double leastCpuSeconds(Runnable work) {
        var clock = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            long start = clock.getCurrentThreadCpuTime();
            work.run();
            least = Math.min(least, clock.getCurrentThreadCpuTime() - start);
        }
        return least / 1e9;
    }

    @Test
    void thePngHoldsExactlyThePixels() throws IOException {
        Picture picture = Curves.draw(Demo.panels());
        var read = ImageIO.read(new ByteArrayInputStream(picture.png()));
        assertThat(read.getWidth()).isEqualTo(2 * picture.width());
        assertThat(read.getHeight()).isEqualTo(2 * picture.height());
        int[] expected = picture.image().getRGB(0, 0, read.getWidth(), read.getHeight(), null, 0, read.getWidth());
        int[] actual = read.getRGB(0, 0, read.getWidth(), read.getHeight(), null, 0, read.getWidth());
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void writingReplacesTheFileAndLeavesNothingBeside() throws IOException {
        Path png = folder.resolve("progress.png");
        Files.writeString(png, "old");
        Curves.write(png, Demo.panels().subList(1, 2));
        assertThat(ImageIO.read(png.toFile())).isNotNull();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(png);
        }
        Path nowhere = folder.resolve("missing").resolve("progress.png");
        assertThatThrownBy(() -> Curves.write(nowhere, Demo.panels().subList(1, 2)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void lengthsMustAgree() {
        assertThatThrownBy(() -> Series.solid("loss", new double[2], new double[3]))
                .hasMessage("the curve 'loss' has 2 positions and 3 values");
        assertThatThrownBy(() -> Curves.draw(List.of())).hasMessageContaining("at least 1 panel");
    }

    private static Panel panel(Series... series) {
        return new Panel("Loss", "step", List.of(series));
    }

    /** The plot's frame in image pixels: its base line is the longest run of the control grey. */
    private static Rectangle frame(Picture picture) {
        int[] best = {0, 0, 0};
        for (int y = 0; y < picture.image().getHeight(); y++) {
            int run = 0;
            for (int x = 0; x < picture.image().getWidth(); x++) {
                boolean ink = (picture.image().getRGB(x, y) & 0xFFFFFF) == (Ink.CONTROL.getRGB() & 0xFFFFFF);
                run = ink ? run + 1 : 0;
                if (run > best[0]) {
                    best = new int[] {run, x - run + 1, y};
                }
            }
        }
        return new Rectangle(best[1], 0, best[0], best[2]);
    }

    /** Where the first line colour lies left of a column, that is without the name beside the curve. */
    private static Rectangle dotsAndLines(Picture picture, int width) {
        Rectangle bounds = new Rectangle(0, 0, -1, -1);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < picture.height(); y++) {
                Rectangle pixel = new Rectangle(x, y, 1, 1);
                if (Pixels.count(picture, Ink.line(0), pixel) > 0) {
                    bounds.add(pixel);
                }
            }
        }
        assertThat(bounds.isEmpty()).isFalse();
        return new Rectangle(bounds.x, bounds.y, 2 * bounds.width, 2 * bounds.height);
    }
}
