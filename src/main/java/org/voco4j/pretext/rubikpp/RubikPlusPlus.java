package org.voco4j.pretext.rubikpp;

import java.util.List;
import java.util.SplittableRandom;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.RandomCrop;
import org.voco4j.pretext.part.Restoration;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/** How did a crop lie before its slabs were turned? A whole network for segmentation restores it. */
public final class RubikPlusPlus extends Restoration {
    private final RubikPlusPlusSettings settings;

    RubikPlusPlus(RubikPlusPlusSettings settings, Setup setup) {
        super(setup, settings.crops());
        this.settings = settings;
    }

    @Override
    protected Pair pair(Volume scan, SplittableRandom random) {
        Shape3 view = setup().view();
        float[] crop = view(scan, RandomCrop.sample(scan.shape(), settings.region(), random));
        List<Twist> moves = Twist.draw(view, settings.slabs(), random);
        return new Pair(Twist.all(moves, crop, view, settings.slabs()), crop);
    }
}
