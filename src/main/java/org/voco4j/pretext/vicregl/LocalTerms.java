package org.voco4j.pretext.vicregl;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Indexing;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Rearrange;
import org.voco4j.engine.tensor.Tensor;

/** {@link VicReg} of cells of two maps that are matched: by what they say, and by where they lie. */
final class LocalTerms {
    private LocalTerms() {}

    /**
     * The terms: the mean of both directions by feature, plus that by place.
     *
     * @param first cells [B, P, C]
     * @param second the same of the partners
     * @param placed numbers of cells of the first map and of their matches in the second, and those of the second and of theirs in the first,
     *     [B, n] each
     */
    static VicReg of(Tensor first, Tensor second, List<Tensor> placed) {
        VicReg byFeature = VicReg.mean(List.of(
                VicReg.of(first, cells(second, alike(first, second))),
                VicReg.of(second, cells(first, alike(second, first)))));
        VicReg byPlace = VicReg.mean(List.of(
                VicReg.of(cells(first, placed.get(0)), cells(second, placed.get(1))),
                VicReg.of(cells(second, placed.get(2)), cells(first, placed.get(3)))));
        return byFeature.plus(byPlace);
    }

    /** For each cell the nearest one of another map by Euclid's distance, without a gradient: [B, P, C] → [B, P]. */
    static Tensor alike(Tensor cells, Tensor others) {
        try (NoGrad none = NoGrad.open()) {
            Tensor lengths = others.square().sumKeeping(2).transpose(1, 2); // [B, 1, P]
            return Indexing.smallest(
                    lengths.minus(cells.matmul(others.transpose(1, 2)).times(2)));
        }
    }

    /** Cells by their numbers, sample by sample: [B, P, C] and [B, n] → [B, n, C]. */
    static Tensor cells(Tensor map, Tensor numbers) {
        long b = map.size(0);
        long p = map.size(1);
        long[] firsts = new long[Math.toIntExact(b)];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = i * p;
        }
        Tensor rows = numbers.to(DType.I64).plus(Tensor.of(firsts, b, 1).to(numbers.device()));
        return Rearrange.rows(map.reshape(b * p, map.size(2)), rows.reshape(-1)).reshape(b, -1, map.size(2));
    }

    /** Blocks [B, 4, n] apart. */
    static List<Tensor> apart(Tensor placed) {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            parts.add(placed.narrow(1, i, 1).reshape(placed.size(0), placed.size(2)));
        }
        return parts;
    }
}
