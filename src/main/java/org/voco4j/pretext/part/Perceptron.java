package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Tensor;

/**
 * Linear maps with ReLU, or another function, between them, named as in a sequence of PyTorch's: 0, 2, 4 and so on.
 *
 * <pre>  y = Wₙ·relu(… W₂·relu(W₁·x + b₁) + b₂ …) + bₙ </pre>
 */
public final class Perceptron extends Module {
    private final UnaryOperator<Tensor> between;
    private final List<Linear> maps = new ArrayList<>();

    /** A perceptron of so many numbers before and after each map. */
    public Perceptron(int... sizes) {
        this(Tensor::relu, sizes);
    }

    /** The same with another function between maps. */
    public Perceptron(UnaryOperator<Tensor> between, int... sizes) {
        this.between = between;
        for (int i = 1; i < sizes.length; i++) {
            maps.add(part(Integer.toString(2 * (i - 1)), new Linear(sizes[i - 1], sizes[i])));
        }
    }

    /** [B, first size] → [B, last size]. */
    public Tensor forward(Tensor x) {
        Tensor y = maps.get(0).forward(x);
        for (Linear map : maps.subList(1, maps.size())) {
            y = map.forward(between.apply(y));
        }
        return y;
    }
}
