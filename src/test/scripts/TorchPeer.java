import java.nio.file.Path;
import org.voco4j.engine.tensor.InPlace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voco4j.engine.optim.AdamW;
import org.voco4j.engine.optim.Optimizer;
import org.voco4j.engine.optim.TorchState;
import org.voco4j.engine.store.TorchFile;
import org.voco4j.engine.store.Tuple;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;

/** Writes FOLDER/checkpoint.pt, a network and its optimiser after 3 steps, and FOLDER/next.pt, its weights after one more. */
public final class TorchPeer {
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> entry : List.of(
                Map.entry("0.weight", List.of(4L, 3L)),
                Map.entry("0.bias", List.of(4L)),
                Map.entry("2.weight", List.of(2L, 4L)),
                Map.entry("2.bias", List.of(2L)))) {
            long[] shape = entry.getValue().stream().mapToLong(size -> size).toArray();
            Tensor weight = Tensor.zeros(DType.F32, shape).persist();
            InPlace.add(weight, 0.25 + weights.size());
            weights.put(entry.getKey(), weight.requireGradient(true));
        }
        Optimizer optimizer = new AdamW(new AdamW.Settings(0.9, 0.999, 1e-8, true)).add(weights, 1, 0.01);
        for (int i = 0; i < 3; i++) {
            step(weights, optimizer);
        }
        Map<String, Object> formats = new LinkedHashMap<>();
        for (DType type : DType.values()) {
            formats.put(type.name(), Tensor.of(new double[] {0, 1, 1}, 3).to(type));
        }
        formats.put("same", weights.get("0.bias"));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("state_dict", weights);
        tree.put("optimizer", TorchState.of(optimizer, 0.01));
        tree.put("epoch", 7L);
        tree.put("tuple", Tuple.of(1L, null, 2.5, "ünï"));
        tree.put("formats", formats);
        TorchFile.write(folder.resolve("checkpoint.pt"), tree);
        step(weights, optimizer);
        TorchFile.write(folder.resolve("next.pt"), weights);
    }

    private static void step(Map<String, Tensor> weights, Optimizer optimizer) {
        weights.values().forEach(weight -> weight.square().sum().backward());
        optimizer.step(0.01);
        optimizer.clearGradients();
    }
}
