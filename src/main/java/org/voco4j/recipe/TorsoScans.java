package org.voco4j.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.voco4j.corpus.Preprocessing;
import org.voco4j.corpus.Quantised;
import org.voco4j.corpus.VolumeStore;
import org.voco4j.phantom.Torso;
import org.voco4j.pretext.HeldOutScan;

/** Synthetic torsos as training data, made and prepared in memory. */
final class TorsoScans {
    private static final long HELD_OUT_SEEDS = 1_000_000;

    private TorsoScans() {}

    /** Makes torsos for training and unseen ones to measure on; the same seed always gives the same. */
    static TrainingScans of(PretrainRecipe recipe, int training, int heldOut, long seed) {
        Preprocessing preprocessing = recipe.data().preprocessing();
        List<Quantised> volumes = IntStream.range(0, training + heldOut)
                .parallel()
                .mapToObj(i -> {
                    long own = seed * 10_000_000 + (i < training ? i : HELD_OUT_SEEDS + i - training);
                    return Quantised.of(preprocessing.apply(Torso.generate(own).image()));
                })
                .toList();
        Map<String, Quantised> byName = new LinkedHashMap<>();
        List<HeldOutScan> unseen = new ArrayList<>();
        for (int i = 0; i < volumes.size(); i++) {
            Quantised volume = volumes.get(i);
            if (i < training) {
                byName.put("torso-" + i, volume);
            } else {
                unseen.add(new HeldOutScan("unseen-" + (i - training), volume::toVolume));
            }
        }
        VolumeStore store = VolumeStore.ofVolumes(byName);
        return new TrainingScans(
                List.copyOf(byName.keySet()),
                unseen,
                name -> store.get(name).toVolume(),
                "torsos seed=" + seed + " training=" + training + " heldOut=" + heldOut + " " + preprocessing);
    }
}
