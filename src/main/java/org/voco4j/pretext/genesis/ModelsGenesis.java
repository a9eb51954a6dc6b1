package org.voco4j.pretext.genesis;

import java.util.SplittableRandom;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.Restoration;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** What did a crop look like before it was distorted? A whole network for segmentation restores it. */
public final class ModelsGenesis extends Restoration {
    private static final int MOST_FLIPS = 3;

    private final ModelsGenesisSettings settings;

    ModelsGenesis(ModelsGenesisSettings settings, Setup setup) {
        super(setup, settings.crops());
        this.settings = settings;
    }

    @Override
    protected Pair pair(Volume scan, SplittableRandom random) {
        Shape3 view = setup().view();
        float[] crop = view(scan, RandomCrop.sample(scan.shape(), settings.region(), random));
        boolean[] flipped = new boolean[3];
        int axes = view.z() == 1 ? 2 : 3;
        for (int i = 0; i < MOST_FLIPS && random.nextDouble() < settings.flip(); i++) {
            flipped[random.nextInt(axes)] ^= true;
        }
        float[] original = new PatchAugmentation.View(flipped[0], flipped[1], flipped[2], 0, 1, 0).of(crop, view);
        return new Pair(settings.distortion().of(original, view, random), original);
    }
}
