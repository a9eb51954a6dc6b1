package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.voco4j.engine.nn.Initialiser;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Tensor;

/**
 * What is put on features: linear maps, each with a norm and a ReLU after it where wanted, named as in a sequence of PyTorch's, in which the
 * norm and the ReLU are counted.
 *
 * <pre>  y = relu(γ·N(W·x + b) + β), layer after layer </pre>
 *
 * <p>N of a batch has the statistics of the rows that go through together (biased variance, ε = 1e-5), in training and after it: there are
 * no running averages.
 */
public final class Head extends Module {
    private static final double EPSILON = 1e-5;

    private final List<UnaryOperator<Tensor>> steps = new ArrayList<>();

    /** What norms a layer. */
    public enum Norm {
        /** Nothing. */
        NONE,
        /** Each number over all rows. */
        BATCH,
        /** Each row over all numbers. */
        LAYER
    }

    /**
     * A layer.
     *
     * @param width numbers it makes of a row
     * @param bias whether there is b
     * @param norm N
     * @param affine whether there are γ and β
     * @param relu whether what is negative becomes 0
     */
    public record Layer(int width, boolean bias, Norm norm, boolean affine, boolean relu) {
        /** A hidden one as usual: no bias, a batch norm with γ and β, ReLU. */
        public static Layer hidden(int width) {
            return new Layer(width, false, Norm.BATCH, true, true);
        }

        /** A linear map and nothing else. */
        public static Layer linear(int width, boolean bias) {
            return new Layer(width, bias, Norm.NONE, false, false);
        }
    }

    /** γ and β. */
    private static final class Affine extends Module {
        private final Tensor weight;
        private final Tensor bias;

        Affine(int width) {
            weight = weight("weight", width);
            bias = weight("bias", width);
        }

        @Override
        protected void drawWeights(Initialiser initialiser) {
            initialiser.constant(weight, 1);
            initialiser.constant(bias, 0);
        }

        Tensor of(Tensor x) {
            return x.times(weight).plus(bias);
        }
    }

    /** A head for rows of {@code in} numbers. */
    @SuppressWarnings("this-escape") // only the table of parts is written to
    public Head(int in, List<Layer> layers) {
        int place = 0;
        int before = in;
        for (Layer layer : layers) {
            Linear map = part(Integer.toString(place++), new Linear(before, layer.width, layer.bias));
            steps.add(map::forward);
            if (layer.norm != Norm.NONE) {
                steps.add(
                        layer.norm == Norm.BATCH
                                ? x -> Ops.batchNorm(x, EPSILON)
                                : x -> Ops.layerNorm(x, null, null, EPSILON));
                if (layer.affine) {
                    steps.add(part(Integer.toString(place), new Affine(layer.width))::of);
                }
                place++;
            }
            if (layer.relu) {
                steps.add(Tensor::relu);
                place++;
            }
            before = layer.width;
        }
    }

    /** [B, in] → [B, width of the last layer]; with a batch norm, B ≥ 2. */
    public Tensor forward(Tensor x) {
        Tensor y = x;
        for (UnaryOperator<Tensor> step : steps) {
            y = step.apply(y);
        }
        return y;
    }
}
