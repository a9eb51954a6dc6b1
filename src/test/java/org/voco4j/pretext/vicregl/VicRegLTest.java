package org.voco4j.pretext.vicregl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.voco4j.Tensors;
import org.voco4j.augment.CropAugmentation;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.LikelyCause;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Verdict;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** VICRegL's terms, matches and places of cells as the authors' code makes them. */
class VicRegLTest {
    private static final double TOLERANCE = 1e-9;

    private static PretrainRecipe recipe(String... settings) {
        List<String> all = new ArrayList<>(
                List.of("pretext.task=vicregl", "pretext.level=1", "model.channels=[4, 8]", "crop.size=8"));
        all.addAll(List.of(settings));
        return RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
    }

    private static PretextTask task(String... settings) {
        PretrainRecipe recipe = recipe(settings);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }

    private static void equal(VicReg found, MethodVectors expected, String name) {
        assertThat(found.invariance().item())
                .isCloseTo(expected.tensor(name + ".invariance").item(), within(TOLERANCE * 100));
        assertThat(found.variance().item())
                .isCloseTo(expected.tensor(name + ".variance").item(), within(TOLERANCE * 100));
        assertThat(found.covariance().item())
                .isCloseTo(expected.tensor(name + ".covariance").item(), within(TOLERANCE));
    }

    private static void equal(Tensor leaf, MethodVectors expected, String name) {
        Tensors.assertClose(
                Objects.requireNonNull(leaf.gradient()).reshape(-1), expected.doubles(name), TOLERANCE, name);
    }

    @Test
    void termsOfTheWholeAreTheReferences() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("vicregl");
            Tensor x = expected.tensor("global.x").requireGradient(true);
            Tensor y = expected.tensor("global.y").requireGradient(true);
            VicReg terms = VicReg.of(x.reshape(6, 1, 8), y.reshape(6, 1, 8));
            equal(terms, expected, "global");
            terms.total().backward();
            equal(x, expected, "global.grad_x");
            equal(y, expected, "global.grad_y");
        }
    }

    /** Places [B, P, axes] of a sample, with zeros where an axis is missing. */
    private static CellPlaces places(MethodVectors expected, String name, int sample) {
        long[] shape = expected.tensor(name).shape();
        int cells = (int) shape[1];
        int axes = (int) shape[2];
        double[] all = expected.doubles(name);
        double[][] coordinates = new double[3][cells];
        for (int cell = 0; cell < cells; cell++) {
            for (int axis = 0; axis < axes; axis++) {
                coordinates[axis][cell] = all[(sample * cells + cell) * axes + axis];
            }
        }
        return new CellPlaces(coordinates);
    }

    private static Tensor numbers(int[][] rows) {
        return Tensor.of(
                Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray(), rows.length, rows[0].length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local2d", "local3d"})
    void termsOfCellsAndTheirMatchesAreTheReferences(String name) throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("vicregl");
            Tensor first = expected.tensor(name + ".maps1").requireGradient(true);
            Tensor second = expected.tensor(name + ".maps2").requireGradient(true);
            int samples = (int) first.size(0);
            int cells = (int) first.size(1);
            int[] nearest = expected.ints(name + ".nearest_by_location");
            double[] distances = expected.doubles(name + ".location_distance");
            int[][][] placed = new int[4][samples][];
            for (int i = 0; i < samples; i++) {
                CellPlaces one = places(expected, name + ".locations1", i);
                CellPlaces other = places(expected, name + ".locations2", i);
                assertThat(one.nearest(other)).containsExactly(Arrays.copyOfRange(nearest, i * cells, (i + 1) * cells));
                double[] found = one.distances(other);
                for (int cell = 0; cell < cells; cell++) {
                    assertThat(found[cell]).isCloseTo(distances[i * cells + cell], within(TOLERANCE));
                }
                CellPlaces.Matches kept = one.matches(other, 4);
                CellPlaces.Matches back = other.matches(one, 3);
                placed[0][i] = kept.own();
                placed[1][i] = kept.other();
                placed[2][i] = back.own();
                placed[3][i] = back.other();
            }
            List<Tensor> matches =
                    Arrays.stream(placed).map(VicRegLTest::numbers).toList();
            Tensors.assertClose(
                    LocalTerms.cells(first, matches.get(0)), expected.doubles(name + ".kept4_of_1"), 0, "kept");
            Tensors.assertClose(
                    LocalTerms.cells(second, matches.get(1)), expected.doubles(name + ".partners_in_2"), 0, "partners");
            Tensors.assertClose(
                    LocalTerms.alike(first, second),
                    expected.doubles(name + ".nearest_by_feature"),
                    0,
                    "nearest by feature");
            VicReg terms = LocalTerms.of(first, second, matches);
            equal(terms, expected, name);
            terms.total().backward();
            equal(first, expected, name + ".grad_maps1");
            equal(second, expected, name + ".grad_maps2");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cellsLieWhereTheReferencesDo(boolean flipped) throws IOException {
        try (Scope scope = Scope.open()) {
            double[] expected = MethodVectors.of("vicregl").doubles("grid7.flip" + (flipped ? 1 : 0));
            CellPlaces places = CellPlaces.of(
                    new Box(3, 5, 0, 17, 26, 1),
                    new Shape3(7, 7, 1),
                    new CropAugmentation.View(false, flipped, false, 0, 0));
            for (int cell = 0; cell < 49; cell++) {
                assertThat(places.coordinates()[0][cell]).isCloseTo(expected[2 * cell], within(1e-5));
                assertThat(places.coordinates()[1][cell]).isCloseTo(expected[2 * cell + 1], within(1e-5));
                assertThat(places.coordinates()[2][cell]).isEqualTo(0.5);
            }
        }
    }

    @Test
    void cellsOfTurnedViewsAreMatchedWithThoseOfTheSamePlace() {
        Box box = new Box(4, 2, 0, 12, 10, 8);
        Shape3 cells = new Shape3(4, 4, 4);
        CellPlaces plain = CellPlaces.of(box, cells, CropAugmentation.View.IDENTITY);
        CellPlaces turned = CellPlaces.of(box, cells, new CropAugmentation.View(true, false, true, 1, 0));
        assertThat(plain.distances(turned)).containsOnly(0);
        assertThat(plain.nearest(turned)).isNotEqualTo(plain.nearest(plain));
    }

    @Test
    void releasedGridsAndFewPairsAreLikelyCauses() {
        assertThat(recipe("pretext.augment.flip=0.5", "pretext.flipGrid=false")
                        .pretext()
                        .chosen()
                        .causes(Verdict.NOT_ABOVE_CONTROLS)
                        .stream()
                        .map(LikelyCause::why))
                .anyMatch(why -> why.contains("mirrored places"))
                .anyMatch(why -> why.contains("of few pairs are noise"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pretext.pairs=1 | a step of vicregl needs at least 2 pairs",
                "pretext.level=2 | pretext.level must be below 2, the levels of this encoder, not 2",
                "crop.size=4 | pretext.level 1 has maps of 2x2x2 cells for crop.size 4; vicregl matches cells and needs 4",
                "pretext.alpha=2 | pretext.alpha must lie in [0, 1], not 2.0",
                "pretext.keep=0 | pretext.keep must be at least 1, not 0",
                "pretext.expander.local=1 | pretext.expander needs global >= 2 and local >= 2",
            })
    void whatCannotWorkIsRefusedInWords(String settings, String sentence) {
        assertThatThrownBy(() -> task(settings)).hasMessageContaining(sentence);
    }
}
