package org.voco4j.pretext.mae;

import java.util.Map;
import java.util.Set;
import org.voco4j.network.Backbone;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;

/** Masked autoencoders as a method of pre-training: {@code pretext.task: mae3d}. */
public final class MaeMethod extends PretextMethod<MaeSettings> {
    /** The method. */
    public MaeMethod() {
        super(
                "mae3d",
                new MethodAbout(
                        "MAE3D",
                        "what do hidden patches of a crop hold, told from the others, which are all that the encoder sees",
                        "He et al., CVPR 2022; in 3-D Chen et al., WACV 2023; VoCo's Tables 1 to 5, MAE3D",
                        "MIM-Med3D's code; variant mae: that of facebookresearch and MONAI",
                        Set.of(Backbone.Name.UNETR)),
                MaeSettings.class);
    }

    @Override
    public PretextTask task(MaeSettings settings, Setup setup) {
        return new Mae(settings, setup);
    }

    @Override
    public String variant(MaeSettings settings) {
        return settings.variant().toString();
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of("Loss", scored("loss"));
    }
}
