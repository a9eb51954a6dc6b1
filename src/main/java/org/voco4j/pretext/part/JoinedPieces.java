package org.voco4j.pretext.part;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.nn.BatchNorm;
import org.voco4j.engine.nn.Linear;
import org.voco4j.engine.nn.Module;
import org.voco4j.engine.tensor.Tensor;

/**
 * The features of all pieces of a puzzle as one, as a study of 3-D tasks joins them (Zhou et al.).
 *
 * <pre>  [f_1 ‖ … ‖ f_m],   f_j = N(relu(W·pooled_j + b))     of the piece at place j, N: batch norm over the puzzles, place by place </pre>
 *
 * <p>One batch norm serves all places, so a step moves its running averages once for each of them.
 */
public final class JoinedPieces extends Module {
    private final Linear map;
    private final BatchNorm norm;
    private final int pieces;

    /**
     * Of puzzles of so many pieces.
     *
     * @param pooled numbers that come of each piece
     * @param features numbers that are kept of each
     */
    public JoinedPieces(int pieces, int pooled, int features) {
        this.pieces = pieces;
        map = part("0", new Linear(pooled, features));
        norm = part("2", new BatchNorm(features));
    }

    /** [B·m, pooled], piece after piece of a puzzle → [B, m·features]; in training B is at least 2. */
    public Tensor forward(Tensor pooled) {
        Tensor kept = map.forward(pooled).relu();
        Tensor places = kept.reshape(kept.size(0) / pieces, pieces, kept.size(1));
        List<Tensor> normed = new ArrayList<>();
        for (int j = 0; j < pieces; j++) {
            normed.add(norm.forward(places.narrow(1, j, 1).reshape(places.size(0), places.size(2))));
        }
        return Tensor.concatenate(normed, 1);
    }
}
