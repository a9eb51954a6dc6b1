package org.voco4j.recipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.voco4j.corpus.Preprocessing;
import org.voco4j.corpus.Quantised;
import org.voco4j.corpus.QuantisedCase;
import org.voco4j.corpus.VolumeStore;
import org.voco4j.phantom.Organ;
import org.voco4j.phantom.Torso;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.volume.LabelMap;

/** Synthetic torsos as training data, made and prepared in memory; the same seed always gives the same. */
final class TorsoScans {
    private static final long HELD_OUT_SEEDS = 1_000_000;

    private TorsoScans() {}

    /** Makes torsos to pre-train on and unseen ones to measure on. */
    static TrainingScans of(PretrainRecipe recipe, int training, int heldOut, long seed) {
        Preprocessing preprocessing = recipe.data().preprocessing();
        List<Quantised> volumes = IntStream.range(0, training + heldOut)
                .parallel()
                .mapToObj(i -> Torso.generate(ownSeed(i, training, seed)))
                .map(torso -> Quantised.of(preprocessing.apply(torso.image())))
                .toList();
        Map<String, Quantised> byName = new LinkedHashMap<>();
        List<HeldOutScan> unseen = new ArrayList<>();
        for (int i = 0; i < volumes.size(); i++) {
            Quantised volume = volumes.get(i);
            if (i < training) {
                byName.put(name(i, training), volume);
            } else {
                unseen.add(new HeldOutScan(name(i, training), volume::toVolume));
            }
        }
        VolumeStore store = VolumeStore.ofVolumes(byName);
        return new TrainingScans(
                List.copyOf(byName.keySet()),
                unseen,
                name -> store.get(name).toVolume(),
                digest(training, heldOut, seed, preprocessing));
    }

    /**
     * The same torsos with the classes of their organs, each made when it is first asked for: {@code torso-I} to train
     * on, {@code unseen-I} held out.
     *
     * <p>They may be shared by any number of runs, each on some of them ({@link LabelledScans#trainedOn}).
     */
    static LabelledScans labelled(Preprocessing preprocessing, int training, int heldOut, long seed) {
        List<String> names = IntStream.range(0, training + heldOut)
                .mapToObj(i -> name(i, training))
                .toList();
        Map<String, QuantisedCase> made = new ConcurrentHashMap<>();
        return new LabelledScans(
                names.subList(0, training),
                names.subList(training, names.size()),
                Arrays.stream(Organ.values())
                        .map(organ -> organ.name().toLowerCase(Locale.ROOT))
                        .toList(),
                name -> {
                    int place = names.indexOf(name);
                    if (place < 0) {
                        throw new IllegalArgumentException("no torso " + name + " among " + names);
                    }
                    return made.computeIfAbsent(name, unused -> labelled(preprocessing, ownSeed(place, training, seed)))
                            .toLabelledVolume();
                },
                digest(training, heldOut, seed, preprocessing));
    }

    /** The classes of the unseen torsos of {@link #of}, in their order and on their prepared grids. */
    static List<LabelMap> labelsOfUnseen(Preprocessing preprocessing, int training, int heldOut, long seed) {
        return IntStream.range(training, training + heldOut)
                .parallel()
                .mapToObj(
                        i -> labelled(preprocessing, ownSeed(i, training, seed)).labels())
                .toList();
    }

    private static QuantisedCase labelled(Preprocessing preprocessing, long seed) {
        Torso torso = Torso.generate(seed);
        return QuantisedCase.of(preprocessing.apply(torso.image(), LabelMap.of(torso.labels())));
    }

    private static long ownSeed(int i, int training, long seed) {
        return seed * 10_000_000 + (i < training ? i : HELD_OUT_SEEDS + i - training);
    }

    private static String name(int i, int training) {
        return i < training ? "torso-" + i : "unseen-" + (i - training);
    }

    private static String digest(int training, int heldOut, long seed, Preprocessing preprocessing) {
        return "torsos seed=" + seed + " training=" + training + " heldOut=" + heldOut + " " + preprocessing;
    }
}
