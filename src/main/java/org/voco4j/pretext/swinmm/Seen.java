package org.voco4j.pretext.swinmm;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.ThreeHeads;

/**
 * What a network makes of four views of crops, two by two.
 *
 * @param turns logits of the first and the second view, [B, 4] each
 * @param contrast what they are recognised by, [B, D] each
 * @param restored what they are restored to, [B, 1, X, Y, Z] each
 * @param swapped what the third and the fourth are restored to, their axes put back
 */
record Seen(List<Tensor> turns, List<Tensor> contrast, List<Tensor> restored, List<Tensor> swapped) {

    /**
     * Hides cells, exchanges axes, and sends all through the network.
     *
     * @param pairs crops as the first view shows them, and the second, [B, 1, X, Y, Z] each
     * @param masks what is hidden of both, [1, 1, X, Y, Z] each
     */
    static Seen of(ThreeHeads network, List<Tensor> pairs, List<Tensor> masks, Views views) {
        long crops = pairs.get(0).size(0);
        List<Tensor> inputs = new ArrayList<>();
        for (int v = 0; v < 2; v++) {
            inputs.add(pairs.get(v).times(visible(masks.get(v))));
        }
        for (int v = 0; v < 2; v++) {
            inputs.add(views.swapped(v, inputs.get(v)));
        }
        Tensor map = network.normalised(Tensor.concatenate(inputs, 0)); // [4·B, …]
        Tensor unswapped = map.narrow(0, 0, 2 * crops);
        Tensor restored = network.restored(map).to(DType.F32);
        return new Seen(
                halves(network.turn(unswapped).to(DType.F32)),
                halves(network.contrast(unswapped).to(DType.F32)),
                halves(restored.narrow(0, 0, 2 * crops)),
                List.of(
                        views.swapped(0, restored.narrow(0, 2 * crops, crops)),
                        views.swapped(1, restored.narrow(0, 3 * crops, crops))));
    }

    /** 1 where nothing is hidden. */
    static Tensor visible(Tensor mask) {
        return mask.times(-1).plus(1);
    }

    private static List<Tensor> halves(Tensor both) {
        long half = both.size(0) / 2;
        return List.of(both.narrow(0, 0, half), both.narrow(0, half, half));
    }
}
