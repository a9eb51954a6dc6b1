package org.voco4j.pretext;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.voco4j.engine.store.Safetensors;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Box;

/** What the published code of a method, or its formula, made of known numbers. */
public record MethodVectors(Map<String, Tensor> tensors) {
    /** Those of a file; a scope must be open. */
    public static MethodVectors of(String name) throws IOException {
        return new MethodVectors(
                Safetensors.read(Path.of("src/test/resources/reference/methods/" + name + ".safetensors"))
                        .tensors());
    }

    /** A tensor by name. */
    public Tensor tensor(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /** Its numbers. */
    public double[] doubles(String name) {
        return tensor(name).toDoubles();
    }

    /** Its numbers in 32 bits. */
    public float[] floats(String name) {
        double[] values = doubles(name);
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Its whole numbers. */
    public int[] ints(String name) {
        return Arrays.stream(doubles(name)).mapToInt(value -> (int) value).toArray();
    }

    /** Boxes, of rows x0 y0 z0 x1 y1 z1. */
    public List<Box> boxes(String name) {
        int[] rows = ints(name);
        List<Box> boxes = new ArrayList<>();
        for (int i = 0; i < rows.length; i += 6) {
            boxes.add(new Box(rows[i], rows[i + 1], rows[i + 2], rows[i + 3], rows[i + 4], rows[i + 5]));
        }
        return boxes;
    }
}
