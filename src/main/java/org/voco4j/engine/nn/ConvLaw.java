package org.voco4j.engine.nn;

import org.voco4j.engine.tensor.Tensor;

/** How the weight [D, C, k, …] of a convolution is drawn; fan-in is C·kᵈ, fan-out D·kᵈ. */
public enum ConvLaw {
    /** U(−1/√fan-in, 1/√fan-in), PyTorch's own. */
    UNIFORM {
        @Override
        void draw(Initialiser initialiser, Tensor weight, double fanIn) {
            initialiser.uniform("weight", weight, 1 / Math.sqrt(fanIn));
        }
    },
    /** N(0, 2/fan-in) (He et al. 2015). */
    HE_FAN_IN {
        @Override
        void draw(Initialiser initialiser, Tensor weight, double fanIn) {
            initialiser.normal("weight", weight, Math.sqrt(2 / fanIn));
        }
    },
    /** N(0, 2/fan-out) (He et al. 2015). */
    HE_FAN_OUT {
        @Override
        void draw(Initialiser initialiser, Tensor weight, double fanIn) {
            double fanOut = weight.count() / (double) weight.size(1);
            initialiser.normal("weight", weight, Math.sqrt(2 / fanOut));
        }
    };

    abstract void draw(Initialiser initialiser, Tensor weight, double fanIn);
}
