package org.voco4j.program.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.store.StateDict;
import org.voco4j.engine.store.StoredTensor;
import org.voco4j.engine.store.TensorDifference;
import org.voco4j.engine.store.WeightFile;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.recipe.UsageException;

/** Comparison of the weights in two files, tensor by tensor under the same name and bit for bit. */
public final class CompareWeights {
    private CompareWeights() {}

    /**
     * A tensor that both have, in the same shape and number format, with other values.
     *
     * @param values how many differ
     * @param largest of their differences
     */
    public record Different(String name, long values, double largest) {}

    /**
     * A tensor that both have, in another shape or number format.
     *
     * @param inA number format and shape in the first file
     * @param inB and in the second
     */
    public record OtherForm(String name, String inA, String inB) {}

    /**
     * Two files, tensor by tensor.
     *
     * @param equal how many tensors are the same in both
     */
    public record Outcome(
            int equal,
            List<Different> different,
            List<OtherForm> otherForm,
            List<String> onlyInA,
            List<String> onlyInB) {

        /** Whether both files hold the same weights. */
        public boolean same() {
            return different.isEmpty() && otherForm.isEmpty() && onlyInA.isEmpty() && onlyInB.isEmpty();
        }
    }

    /**
     * Compares two files.
     *
     * @param first a {@code .safetensors}, {@code .pt} or {@code .pth} file, or the folder of a finished run
     * @param second the other one
     * @throws UsageException if one of them cannot be read
     */
    public static Outcome run(Path first, Path second) {
        return OpenedWeights.read(first, a -> OpenedWeights.read(second, b -> compare(a, b)));
    }

    private static Outcome compare(WeightFile a, WeightFile b) throws IOException {
        Map<String, StoredTensor> inA = StateDict.of(a).tensors();
        Map<String, StoredTensor> inB = StateDict.of(b).tensors();
        int equal = 0;
        List<Different> different = new ArrayList<>();
        List<OtherForm> otherForm = new ArrayList<>();
        for (Map.Entry<String, StoredTensor> entry : inA.entrySet()) {
            String name = entry.getKey();
            StoredTensor mine = entry.getValue();
            StoredTensor other = inB.get(name);
            if (other == null) {
                continue;
            }
            if (!mine.toString().equals(other.toString())) { // number format and shape
                otherForm.add(new OtherForm(name, mine.toString(), other.toString()));
                continue;
            }
            try (Scope scope = Scope.open()) {
                TensorDifference difference = TensorDifference.of(a.read(mine), b.read(other));
                if (difference.values() == 0) {
                    equal++;
                } else {
                    different.add(new Different(name, difference.values(), difference.largest()));
                }
            }
        }
        return new Outcome(equal, different, otherForm, without(inA, inB), without(inB, inA));
    }

    private static List<String> without(Map<String, StoredTensor> these, Map<String, StoredTensor> those) {
        return these.keySet().stream().filter(name -> !those.containsKey(name)).toList();
    }
}
