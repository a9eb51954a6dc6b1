package org.voco4j.program.phantom;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.voco4j.corpus.prepare.LabelledVolume;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.QuantisedCase;
import org.voco4j.phantom.Organ;
import org.voco4j.phantom.Torso;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.volume.LabelMap;

/**
 * Synthetic torsos with their organs, made and prepared once and kept in memory, to pre-train and to fine-tune on; the
 * same seed always gives the same.
 *
 * <p>They are called {@code torso-I} where they are for training and {@code unseen-I} where they are held out. The scans
 * they give may be shared by any number of threads.
 */
public final class TorsoScans {
    private static final long HELD_OUT_SEEDS = 1_000_000;

    private final Preprocessing preprocessing;
    private final long seed;
    private final double height;
    private final List<String> names;
    private final List<QuantisedCase> torsos; // in the order of the names
    private final int training;

    private TorsoScans(
            Preprocessing preprocessing, long seed, double height, int training, List<QuantisedCase> torsos) {
        this.preprocessing = preprocessing;
        this.seed = seed;
        this.height = height;
        this.training = training;
        this.torsos = torsos;
        this.names = IntStream.range(0, torsos.size())
                .mapToObj(i -> i < training ? "torso-" + i : "unseen-" + (i - training))
                .toList();
    }

    /** Makes whole torsos, on all cores. */
    public static TorsoScans make(Preprocessing preprocessing, int training, int heldOut, long seed) {
        return make(preprocessing, training, heldOut, seed, 1);
    }

    /** Makes torsos of which scans show at least a share of the height ({@link Torso#generate(long, double)}), on all cores. */
    public static TorsoScans make(Preprocessing preprocessing, int training, int heldOut, long seed, double height) {
        List<QuantisedCase> torsos = IntStream.range(0, training + heldOut)
                .parallel()
                .mapToLong(place -> seed(seed, training, place))
                .mapToObj(own -> Torso.generate(own, height))
                .map(torso -> QuantisedCase.of(preprocessing.apply(torso.image(), LabelMap.of(torso.labels()))))
                .toList();
        return new TorsoScans(preprocessing, seed, height, training, torsos);
    }

    /** The images alone, the first {@code unseen} of those that are held out among them. */
    public UnlabelledScans images(int unseen) {
        List<HeldOutScan> heldOut = IntStream.range(training, training + unseen)
                .mapToObj(i -> new HeldOutScan(
                        names.get(i), names.get(i), () -> torsos.get(i).image().toVolume()))
                .toList();
        return new UnlabelledScans(
                names.subList(0, training), heldOut, name -> torso(name).image().toVolume(), digest(unseen));
    }

    /** All of them with the classes of their organs. */
    public LabelledScans labelled() {
        return new LabelledScans(
                names.subList(0, training),
                names.subList(training, names.size()),
                Arrays.stream(Organ.values())
                        .map(organ -> organ.name().toLowerCase(Locale.ROOT))
                        .toList(),
                new LabelledScans.Source() {
                    @Override
                    public LabelledVolume scan(String name) {
                        return torso(name).toLabelledVolume();
                    }

                    @Override
                    public LabelMap truth(String name) {
                        return LabelMap.of(Torso.generate(seed(names.indexOf(name)), height)
                                .labels());
                    }
                },
                digest(names.size() - training));
    }

    private long seed(int place) {
        return seed(seed, training, place);
    }

    private static long seed(long seed, int training, int place) {
        return seed * 10_000_000 + (place < training ? place : HELD_OUT_SEEDS + place - training);
    }

    /** The organs of those that are held out, in their order and on their prepared grids. */
    public List<LabelMap> organsOfHeldOut() {
        return torsos.stream().skip(training).map(QuantisedCase::labels).toList();
    }

    private QuantisedCase torso(String name) {
        int place = names.indexOf(name);
        if (place < 0) {
            throw new IllegalArgumentException("no torso " + name + " among " + names);
        }
        return torsos.get(place);
    }

    private String digest(int heldOut) {
        return "torsos seed=" + seed + " training=" + training + " heldOut=" + heldOut
                + (height == 1 ? "" : " height=" + height) + " " + preprocessing;
    }
}
