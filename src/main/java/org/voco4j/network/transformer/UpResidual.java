package org.voco4j.network.transformer;

import java.util.Collections;
import java.util.List;
import org.voco4j.engine.nn.ConvTranspose;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.network.block.PadOrCrop;
import org.voco4j.network.block.ResidualUnit;

/**
 * One level of an expanding path, as MONAI's UnetrUpBlock: the coarse map upsampled, the finer one beside it, a {@link
 * ResidualUnit}.
 *
 * <pre>  y = unit([deconv(x) ‖ s])     deconv: 2 voxels of one along each axis unless said otherwise, no bias </pre>
 */
final class UpResidual extends Module {
    private final ConvTranspose transposed;
    private final ResidualUnit unit;

    /** A level of C to D channels, joined by D of the finer map. */
    UpResidual(int dims, int in, int out) {
        this(in, out, Collections.nCopies(dims, 2));
    }

    /** The same with so many voxels of one along each axis. */
    UpResidual(int in, int out, List<Integer> step) {
        transposed = part("transp_conv.conv", new ConvTranspose(in, out, step));
        unit = part("conv_block", new ResidualUnit(step.size(), 2 * out, out));
    }

    /** [B, C, ⌈X/2⌉, ⌈Y/2⌉(, ⌈Z/2⌉)] and [B, D, X, Y(, Z)] → [B, D, X, Y(, Z)]. */
    Tensor forward(Tensor coarse, Tensor skip) {
        try (Scope scope = Scope.nested()) {
            return scope.keep(unit.forward(PadOrCrop.before(skip, () -> transposed.forward(coarse))));
        }
    }
}
