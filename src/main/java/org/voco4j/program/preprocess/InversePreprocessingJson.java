package org.voco4j.program.preprocess;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Resample;
import org.voco4j.volume.Shape3;
import tools.jackson.databind.JsonNode;

/**
 * A {@link InversePreprocessing} as JSON: {@code stored}, {@code spaced} and {@code prepared}, each with a {@code shape} and the three
 * rows of an {@code affine} (index → RAS+ millimetres), and {@code box} with its first voxel ({@code from}) and one past
 * the last ({@code to}), in voxels of {@code spaced}.
 */
final class InversePreprocessingJson {
    private InversePreprocessingJson() {}

    static Map<String, Object> of(InversePreprocessing back) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("stored", grid(back.stored()));
        document.put("spaced", grid(back.spaced()));
        Box box = back.box();
        Map<String, Object> corners = new LinkedHashMap<>();
        corners.put("from", List.of(box.x0(), box.y0(), box.z0()));
        corners.put("to", List.of(box.x1(), box.y1(), box.z1()));
        document.put("box", corners);
        document.put("prepared", grid(back.prepared()));
        return document;
    }

    private static Map<String, Object> grid(Resample.Grid grid) {
        Shape3 shape = grid.shape();
        List<List<Double>> rows = new ArrayList<>();
        for (int r = 0; r < 3; r++) {
            Affine a = grid.affine();
            rows.add(List.of(a.at(r, 0), a.at(r, 1), a.at(r, 2), a.at(r, 3)));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("shape", List.of(shape.x(), shape.y(), shape.z()));
        document.put("affine", rows);
        return document;
    }

    /**
     * What {@link #of} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static InversePreprocessing read(JsonNode document) {
        int[] from = whole(document.path("box").path("from"));
        int[] to = whole(document.path("box").path("to"));
        InversePreprocessing back = new InversePreprocessing(
                grid(document.path("stored")),
                grid(document.path("spaced")),
                new Box(from[0], from[1], from[2], to[0], to[1], to[2]),
                grid(document.path("prepared")));
        if (!back.box().isInside(Box.of(back.spaced().shape()))) {
            throw new IllegalArgumentException(
                    "the box " + back.box() + " leaves the " + back.spaced().shape() + " voxels it lies in");
        }
        return back;
    }

    private static Resample.Grid grid(JsonNode node) {
        int[] shape = whole(node.path("shape"));
        double[] rows = new double[12];
        for (int i = 0; i < 12; i++) {
            JsonNode entry = node.path("affine").path(i / 4).path(i % 4);
            if (!entry.isNumber()) {
                throw new IllegalArgumentException(
                        "expected three rows of four numbers as affine, found " + node.path("affine"));
            }
            rows[i] = entry.doubleValue();
        }
        return new Resample.Grid(new Shape3(shape[0], shape[1], shape[2]), Affine.ofRows(rows));
    }

    private static int[] whole(JsonNode node) {
        int[] numbers = new int[3];
        for (int i = 0; i < 3; i++) {
            if (node.size() != 3 || !node.path(i).isInt()) {
                throw new IllegalArgumentException("expected three whole numbers, found " + node);
            }
            numbers[i] = node.path(i).intValue();
        }
        return numbers;
    }
}
