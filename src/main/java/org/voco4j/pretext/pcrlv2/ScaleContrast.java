package org.voco4j.pretext.pcrlv2;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.part.SupervisedContrast;

/**
 * At which scales views are compared in a step.
 *
 * @param global s₀, of both large views
 * @param first s_i, of the first of them and each small one
 * @param second s_i', of the second and each small one
 */
record ScaleContrast(int global, List<Integer> first, List<Integer> second) {

    /** z and p of the same views, scale by scale, [P, D_s] each. */
    record View(List<Tensor> z, List<Tensor> p) {
        /** Of views of which n in a row are of one pair: the first of all pairs, the second, … */
        List<View> split(int n) {
            return IntStream.range(0, n)
                    .mapToObj(i -> new View(every(z, i, n), every(p, i, n)))
                    .toList();
        }

        private static List<Tensor> every(List<Tensor> scales, int i, int n) {
            return scales.stream()
                    .map(x -> x.reshape(-1, n, x.size(1)).narrow(1, i, 1).reshape(-1, x.size(1)))
                    .toList();
        }
    }

    /** Draws the scales of a step. */
    static ScaleContrast draw(int scales, int locals, SplittableRandom random) {
        return new ScaleContrast(random.nextInt(scales), some(scales, locals, random), some(scales, locals, random));
    }

    private static List<Integer> some(int scales, int count, SplittableRandom random) {
        return IntStream.range(0, count).mapToObj(i -> random.nextInt(scales)).toList();
    }

    /** D(a, b; s) = −½·[ mean cos(p_s(a), z_s(b)) + mean cos(p_s(b), z_s(a)) ], without a gradient through z. */
    static Tensor distance(View a, View b, int scale) {
        return cosine(a.p.get(scale), b.z.get(scale))
                .plus(cosine(b.p.get(scale), a.z.get(scale)))
                .times(-0.5);
    }

    private static Tensor cosine(Tensor predicted, Tensor projected) {
        return SupervisedContrast.unit(predicted)
                .times(SupervisedContrast.unit(projected.detach()))
                .sumKeeping(1)
                .mean();
    }

    /** D of both large views. */
    Tensor ofGlobals(View one, View other) {
        return distance(one, other, global);
    }

    /** The mean D of each large view and each small one. */
    Tensor ofLocals(View one, View other, List<View> locals) {
        Tensor sum = one.p.get(0).sum().times(0);
        for (int i = 0; i < locals.size(); i++) {
            sum = sum.plus(distance(one, locals.get(i), first.get(i)))
                    .plus(distance(other, locals.get(i), second.get(i)));
        }
        return sum.times(1.0 / (2 * locals.size()));
    }

    /** β of a step: 1 at first, 0 at the end of a run. */
    static double beta(double done) {
        return (1 + Math.cos(Math.PI * done)) / 2;
    }

    /**
     * L.
     *
     * @param error of what is restored
     * @param middle that of what the scale s₀ restores
     */
    static Tensor total(Tensor error, Tensor globals, double beta, Tensor middle, Tensor locals) {
        return error.plus(globals).plus(middle.times(beta)).plus(locals);
    }
}
