package org.voco4j.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.voco4j.Tensors.assertClose;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.InPlace;
import org.voco4j.engine.tensor.Tensor;

class AdaptationTest {
    private static final String TABLE = "attn.relative_position_bias_table";
    private static final String POSITIONS = "position_embeddings";

    /** A convolution that reads the scan, one that does not, and positions where they are asked for. */
    private static final class Net extends Module {
        final Conv first;

        Net(int dims, int in, int width, long tableRows, long places) {
            first = part("first", new Conv(dims, in, width, 3, 1, true));
            part("second", new Conv(dims, width, 5, 1, 1, false));
            if (tableRows > 0) {
                part("attn", new Table("relative_position_bias_table", tableRows, 2));
            }
            if (places > 0) {
                part("", new Table(POSITIONS, 1, places, 3));
            }
        }
    }

    private static final class Table extends Module {
        Table(String name, long... shape) {
            weight(name, shape);
        }
    }

    private static Tensor get(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    private static Net net(int dims, int in, int width, long rows, long places) {
        Net net = new Net(dims, in, width, rows, places);
        net.initialise(in + rows + places);
        return net;
    }

    private static LoadReport load(Net target, Net source, int channels, Integer... grid) {
        return target.loadMatching(source.weights(), new LoadRequest(name -> true, null, channels, List.of(grid)));
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 4", "3, 1, 2", "3, 4, 1", "3, 3, 2"})
    void aScanInAllChannelsGivesTheResponseItGave(int dims, int theirs, int ours) {
        Net source = net(dims, theirs, 6, 0, 0);
        Net target = net(dims, ours, 6, 0, 0);
        LoadReport report = load(target, source, ours);
        assertThat(report.sentence())
                .isEqualTo("loaded 3 of 3; 1 adapted (first.weight: input channels " + theirs + " in the file, " + ours
                        + " here: their sum divided by " + ours + " for each)");
        long[] plane = dims == 2 ? new long[] {1, 1, 4, 5} : new long[] {1, 1, 4, 5, 3};
        double[] values = new double[dims == 2 ? 20 : 60];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sin(i);
        }
        Tensor scan = Tensor.of(values, plane).to(DType.F32);
        Tensor expected = source.first.forward(repeated(scan, theirs));
        assertClose(target.first.forward(repeated(scan, ours)), expected.toDoubles(), 1e-6, "response");
        Tensor weight = get(target.weights(), "first.weight");
        for (int c = 1; c < ours; c++) {
            assertThat(weight.narrow(1, c, 1).toFloats())
                    .containsExactly(weight.narrow(1, 0, 1).toFloats());
        }
    }

    private static Tensor repeated(Tensor scan, int channels) {
        return Tensor.concatenate(Collections.nCopies(channels, scan), 1);
    }

    @Test
    void onlyWhatReadsTheScanHasInputChannels() {
        // as many channels inside as outside: [5, 4, 1, 1, 1] is there, [5, 2, 1, 1, 1] in the file
        LoadReport report = load(net(3, 4, 4, 27, 0), net(3, 1, 2, 27, 0), 4);
        assertThat(report.loaded()).containsExactly(TABLE);
        assertThat(report.misfits())
                .extracting(LoadReport.Misfit::name)
                .containsExactly("first.weight", "first.bias", "second.weight");
    }

    @Test
    void channelsAreLeftOutWhereTheirNumberIsNotSaid() {
        Net target = net(3, 4, 6, 0, 0);
        LoadReport report = target.loadMatching(net(3, 1, 6, 0, 0).weights(), name -> true);
        assertThat(report.sentence())
                .isEqualTo("loaded 2 of 3: 1 left out (first.weight: [6, 1, 3, 3, 3] in the file, [6, 4, 3, 3, 3] "
                        + "here)");
    }

    @ParameterizedTest
    @CsvSource({"2, 4, 7", "2, 7, 4", "3, 2, 3", "3, 3, 2"})
    void aTableOfRelativePositionsIsStretched(int dims, int theirs, int ours) {
        int m = 2 * theirs - 1;
        int n = 2 * ours - 1;
        Net source = net(dims, 1, 2, power(m, dims), 0);
        Net target = net(dims, 1, 2, power(n, dims), 0);
        fillWithPlaces(get(source.weights(), TABLE), m, dims, theirs - 1);
        LoadReport report = load(target, source, 1);
        assertThat(report.adapted())
                .containsExactly(Map.entry(
                        TABLE,
                        "interpolated from windows of " + theirs + " tokens along each axis to windows of " + ours));
        assertThat(report.loaded()).contains(TABLE);
        // what depends linearly on the difference of places, in units of the farthest, does so still
        Tensor expected = Tensor.zeros(DType.F32, power(n, dims), 2);
        fillWithPlaces(expected, n, dims, ours - 1);
        assertClose(get(target.weights(), TABLE), expected.toDoubles(), 1e-5, "table");
    }

    /** Head 0: Σ 10ⁱ·(offset of axis i in units of the farthest); head 1: its negative. */
    private static void fillWithPlaces(Tensor table, int edge, int dims, int farthest) {
        double[] values = new double[(int) table.count()];
        for (int row = 0; row < values.length / 2; row++) {
            int rest = row;
            for (int axis = 0; axis < dims; axis++, rest /= edge) {
                values[2 * row] += Math.pow(10, axis) * (rest % edge - farthest) / farthest;
            }
            values[2 * row + 1] = -values[2 * row];
        }
        table.copyInPlace(Tensor.of(values, table.shape()));
    }

    private static long power(long base, int exponent) {
        return exponent == 0 ? 1 : base * power(base, exponent - 1);
    }

    @Test
    void aTableOfNoCubicWindowIsLeftOut() {
        LoadReport report = load(net(3, 1, 2, 343, 0), net(3, 1, 2, 7 * 7 * 3, 0), 1);
        assertThat(report.sentence())
                .isEqualTo("loaded 3 of 4: 1 left out (attn.relative_position_bias_table: [147, 2] in the file, "
                        + "[343, 2] here, no window with equal edges has a table of so many places)");
    }

    @ParameterizedTest
    @CsvSource({
        "27, 4 4 2, interpolated from 3x3x3 places to 4x4x2",
        "4, 4 4 2, interpolated from 2x2x1 places to 4x4x2",
        "256, 4 4 2, interpolated from 8x8x4 places to 4x4x2",
        "9, 5 4, interpolated from 3x3 places to 5x4",
        "80, 5 4, interpolated from 10x8 places to 5x4",
    })
    void positionEmbeddingsAreInterpolatedBetweenGrids(long places, String grid, String how) {
        Integer[] edges = Arrays.stream(grid.split(" ")).map(Integer::valueOf).toArray(Integer[]::new);
        long here = 1;
        for (int edge : edges) {
            here *= edge;
        }
        Net source = net(edges.length, 1, 2, 0, places);
        Net target = net(edges.length, 1, 2, 0, here);
        LoadReport report = load(target, source, 1, edges);
        assertThat(report.adapted()).containsExactly(Map.entry(POSITIONS, how));
    }

    @Test
    void embeddingsAreReadAtTheMiddlesOfThePatches() {
        Net source = net(2, 1, 2, 0, 4);
        Net target = net(2, 1, 2, 0, 8);
        Tensor four = get(source.weights(), POSITIONS); // place (i, j) of 2x2: i, j, 7
        four.copyInPlace(Tensor.of(new float[] {0, 0, 7, 0, 1, 7, 1, 0, 7, 1, 1, 7}, 1, 4, 3));
        load(target, source, 1, 4, 2);
        // 4 rows at -1/4 (the border goes on), 1/4, 3/4, 5/4 (likewise); 2 columns as they were
        assertThat(get(target.weights(), POSITIONS).toFloats())
                .containsExactly(
                        0, 0, 7, 0, 1, 7, 0.25f, 0, 7, 0.25f, 1, 7, 0.75f, 0, 7, 0.75f, 1, 7, 1, 0, 7, 1, 1, 7);
    }

    @Test
    void embeddingsOfAnUnknownGridAreLeftOutWithTheReason() {
        Net target = net(3, 1, 2, 0, 32);
        assertThat(misfit(load(target, net(3, 1, 2, 0, 13), 1, 4, 4, 2)))
                .isEqualTo("13 places are neither as many along each axis nor in the proportions of 4x4x2");
        assertThat(misfit(load(target, net(3, 1, 2, 0, 27), 1)))
                .isEqualTo("the grid of places to interpolate to is not known");
        assertThatThrownBy(() -> load(target, net(3, 1, 2, 0, 27), 1, 4, 4, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("for 32 places, not for the grid [4, 4, 4]");
        assertThatThrownBy(() -> new LoadRequest(name -> true, null, 1, List.of(32)))
                .hasMessageContaining("2 or 3 axes");
    }

    private static @Nullable String misfit(LoadReport report) {
        return report.misfits().size() == 1 ? report.misfits().get(0).reason() : null;
    }

    @ParameterizedTest
    @CsvSource({"2, 3, 2-D network do not fit a 3-D one", "3, 2, 3-D network do not fit a 2-D one"})
    void anotherNumberOfAxesIsRefusedAndNothingChanged(int theirs, int ours, String sentence) {
        Net target = net(ours, 1, 6, 0, 0);
        Map<String, float[]> before = new LinkedHashMap<>();
        target.weights().forEach((name, weight) -> before.put(name, weight.toFloats()));
        Net source = net(theirs, 1, 6, 0, 0);
        InPlace.add(get(source.weights(), "first.bias"), 1);
        assertThatThrownBy(() -> target.loadMatching(source.weights(), name -> true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining("first.weight is [6, 1, 3, 3");
        before.forEach((name, values) ->
                assertThat(get(target.weights(), name).toFloats()).as(name).containsExactly(values));
    }

    @Test
    void halfPrecisionIsAdaptedAsWell() {
        Net target = net(3, 2, 6, 0, 0);
        Map<String, Tensor> half = new LinkedHashMap<>();
        net(3, 1, 6, 0, 0).weights().forEach((name, weight) -> half.put(name, weight.to(DType.F16)));
        LoadReport report = target.loadMatching(half, new LoadRequest(name -> true, null, 2, List.of()));
        assertThat(report.adapted()).containsOnlyKeys("first.weight");
        double[] first = get(half, "first.weight").toDoubles();
        double[] pair = get(target.weights(), "first.weight").narrow(1, 1, 1).toDoubles();
        for (int i = 0; i < first.length; i++) {
            assertThat(pair[i]).isEqualTo(first[i] / 2);
        }
    }
}
