package org.voco4j.network.block;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/** On the way up a map comes out a little larger or smaller than the one it meets, where that had an odd size. */
public final class PadOrCrop {
    private PadOrCrop() {}

    /** The map cut to the voxels of another, or with its last voxel repeated up to them, along every axis. */
    public static Tensor to(Tensor like, Tensor map) {
        Tensor fitted = map;
        for (int axis = 2; axis < like.shape().length; axis++) {
            long missing = like.size(axis) - map.size(axis);
            if (missing < 0) {
                fitted = fitted.narrow(axis, 0, like.size(axis));
            } else if (missing > 0) {
                List<Tensor> pieces = new ArrayList<>(List.of(fitted));
                Tensor last = fitted.narrow(axis, map.size(axis) - 1, 1);
                for (long i = 0; i < missing; i++) {
                    pieces.add(last);
                }
                fitted = Tensor.concatenate(pieces, axis);
            }
        }
        return fitted;
    }

    /** A map from below, fitted to another, then that one: their channels joined. The first alone is not kept. */
    public static Tensor before(Tensor skip, Supplier<Tensor> fromBelow) {
        try (Scope scope = Scope.nested()) {
            return scope.keep(Tensor.concatenate(List.of(to(skip, fromBelow.get()), skip), 1));
        }
    }

    /** The same in the other order. */
    public static Tensor after(Tensor skip, Supplier<Tensor> fromBelow) {
        try (Scope scope = Scope.nested()) {
            return scope.keep(Tensor.concatenate(List.of(skip, to(skip, fromBelow.get())), 1));
        }
    }
}
