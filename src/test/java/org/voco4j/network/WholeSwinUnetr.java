package org.voco4j.network;

import java.util.List;
import org.voco4j.engine.nn.Conv3d;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Tensor;

/** MONAI's whole SwinUNETR around our encoder: the reference's gradients come from its last layer. */
final class WholeSwinUnetr extends Module {
    private final SwinUnetrEncoder encoder;
    private final Up decoder5;
    private final Up decoder4;
    private final Up decoder3;
    private final Up decoder2;
    private final Up decoder1;
    private final Conv3d out;

    WholeSwinUnetr(SwinUnetrEncoder encoder, int features, int classes) {
        this.encoder = part("", encoder);
        decoder5 = part("decoder5", new Up(16 * features, 8 * features));
        decoder4 = part("decoder4", new Up(8 * features, 4 * features));
        decoder3 = part("decoder3", new Up(4 * features, 2 * features));
        decoder2 = part("decoder2", new Up(2 * features, features));
        decoder1 = part("decoder1", new Up(features, features));
        out = part("out.conv.conv", new Conv3d(features, classes, 1, 1, true));
    }

    Tensor logits(Tensor x) {
        List<Tensor> e = encoder.levels(x);
        Tensor y = decoder5.forward(e.get(4), encoder.hidden(x).get(3));
        y = decoder4.forward(y, e.get(3));
        y = decoder3.forward(y, e.get(2));
        y = decoder2.forward(y, e.get(1));
        y = decoder1.forward(y, e.get(0));
        return out.forward(y);
    }

    private static final class Up extends Module {
        private final Transposed transposed;
        private final ResidualUnit unit;

        Up(int in, int out) {
            transposed = part("transp_conv.conv", new Transposed(in, out));
            unit = part("conv_block", new ResidualUnit(2 * out, out));
        }

        Tensor forward(Tensor x, Tensor skip) {
            return unit.forward(Tensor.concatenate(List.of(transposed.forward(x), skip), 1));
        }
    }

    private static final class Transposed extends Module {
        private final Tensor weight;

        Transposed(int in, int out) {
            weight = weight("weight", in, out, 2, 2, 2);
        }

        Tensor forward(Tensor x) {
            return org.voco4j.engine.tensor.Ops.convTranspose3d(x, weight, Tensor.zeros(x.type(), weight.size(1)));
        }
    }
}
