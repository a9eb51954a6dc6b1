package org.voco4j.pretext.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.MethodVectors;
import org.voco4j.volume.Box;
import org.voco4j.volume.Shape3;

/** Orders and cells of puzzles as a published study has them. */
class PuzzlesTest {
    @ParameterizedTest
    @CsvSource({"8, 100, 6", "9, 64, 7", "4, 24, 2"})
    void ordersAreAsFarApartAsTheReferences(int cells, int count, int smallest) throws IOException {
        try (Scope scope = Scope.open()) {
            double[] expected = MethodVectors.of("jigsaw").doubles("permutations" + cells + "x" + count);
            int[][] orders = Orders.of(cells, count);
            double[] found = Arrays.stream(orders)
                    .flatMapToInt(Arrays::stream)
                    .asDoubleStream()
                    .toArray();
            assertThat(found).containsExactly(expected);
            int least = cells;
            for (int a = 0; a < count; a++) {
                for (int b = 0; b < a; b++) {
                    least = Math.min(least, Orders.distance(orders[a], orders[b]));
                }
            }
            assertThat(least).isEqualTo(smallest);
        }
    }

    @Test
    void moreOrdersThanThereAreAreRefused() {
        assertThatThrownBy(() -> Orders.of(4, 25)).hasMessageContaining("only 24");
        assertThatThrownBy(() -> Orders.of(27, 100)).hasMessageContaining("27 cells");
    }

    @Test
    void cellsAreTheStudys() throws IOException {
        try (Scope scope = Scope.open()) {
            MethodVectors expected = MethodVectors.of("jigsaw");
            Shape3 shape = new Shape3(16, 16, 12);
            double[] image = expected.doubles("image");
            Cells cells = new Cells(new Shape3(2, 2, 2), 3, 3, 2);
            double[] corners = expected.doubles("cells.train.corners"); // [8, 3]
            List<Box> drawn = cells.cut(Box.of(shape), (cell, axis) -> (int) corners[3 * cell + axis]);
            assertThat(values(image, shape, drawn)).containsExactly(expected.doubles("cells.train"));
            List<Box> middle = cells.middle(Box.of(shape));
            assertThat(values(image, shape, middle)).containsExactly(expected.doubles("cells.valid"));
            int[] order = Orders.of(8, 100)[(int) expected.doubles("shuffled.label")[0]];
            double[] firsts = expected.doubles("shuffled.first_voxels");
            for (int j = 0; j < 8; j++) {
                Box cell = middle.get(order[j]);
                assertThat(image[shape.index(cell.x0(), cell.y0(), cell.z0())]).isEqualTo(firsts[j]);
            }
        }
    }

    private static double[] values(double[] image, Shape3 shape, List<Box> boxes) {
        return boxes.stream()
                .flatMapToDouble(box -> {
                    double[] values = new double[(int) box.voxels()];
                    int i = 0;
                    for (int x = box.x0(); x < box.x1(); x++) {
                        for (int y = box.y0(); y < box.y1(); y++) {
                            for (int z = box.z0(); z < box.z1(); z++) {
                                values[i++] = image[shape.index(x, y, z)];
                            }
                        }
                    }
                    return Arrays.stream(values);
                })
                .toArray();
    }

    @Test
    void drawnCellsLieInTheirPlaces() {
        Cells cells = new Cells(new Shape3(2, 2, 1), 2, 3, 0);
        Box region = Box.at(3, 4, 1, new Shape3(12, 14, 5));
        SplittableRandom random = new SplittableRandom(1);
        for (int draw = 0; draw < 100; draw++) {
            List<Box> drawn = cells.drawn(region, random);
            List<Box> places = new Cells(cells.grid(), 0, 0, 0).middle(region);
            for (int i = 0; i < places.size(); i++) {
                assertThat(drawn.get(i).isInside(places.get(i))).isTrue();
                assertThat(drawn.get(i).shape()).isEqualTo(new Shape3(4, 4, 5));
            }
        }
    }

    @Test
    void piecesThatAreLikeOthersAreMatchedAndThoseThatAreNotGuessTheIdentity() {
        try (Scope scope = Scope.open()) {
            Puzzles puzzles = new Puzzles(Shape3.cube(1), new Shape3(2, 2, 1), 0, 24);
            int[][] orders = Orders.of(4, 24);
            float[] like = new float[24 * 4];
            float[] right = new float[24 * 24];
            for (int k = 0; k < 24; k++) {
                right[24 * k + k] = 1;
                for (int j = 0; j < 4; j++) {
                    like[4 * k + j] = orders[k][j];
                }
            }
            Tensor rows = Tensor.of(right, 24, 24);
            Tensor cells = Tensor.of(like, 96, 1, 1, 1, 1);
            Tensor near = cells.plus(0.2);
            assertThat(puzzles.matched(near, cells, rows, Distance::squared)).isEqualTo(1);
            assertThat(puzzles.matched(cells.times(0), cells.times(0), rows, Distance::squared))
                    .isEqualTo(1.0 / 24);
        }
    }
}
