package org.voco4j.pretext.swinssl;

import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/** Swin-UNETR's own pre-training as a method: {@code pretext.task: swin-unetr-ssl}. */
public final class SwinSslMethod extends PretextMethod<SwinSslSettings> {
    /** The method. */
    public SwinSslMethod() {
        super(
                "swin-unetr-ssl",
                new MethodAbout(
                        "Swin-UNETR SSL",
                        "which way was a crop turned, what was behind its blots, which is its other copy",
                        "Tang et al., CVPR 2022; VoCo's Tables 1 to 5",
                        "the authors' code (MONAI research contributions)",
                        MethodAbout.ALL),
                SwinSslSettings.class);
    }

    @Override
    public void require(SwinSslSettings settings, Shape3 volume, int crop) {
        if (volume.z() == 1 && settings.plane() == SwinSslSettings.Plane.YZ) {
            throw new IllegalArgumentException(
                    "pretext.plane: yz turns volumes; images of one slice have plane xy alone");
        }
    }

    @Override
    public PretextTask task(SwinSslSettings settings, Setup setup) {
        return new SwinSsl(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of(
                "Loss",
                Map.of(
                        "total",
                        "loss",
                        "turn",
                        "turnLoss",
                        "contrast",
                        "contrastLoss",
                        "restoration",
                        "restorationLoss"),
                "Error inside the boxes",
                scored("blotted"),
                "Told right",
                Map.of("turn", "turn", "the other copy", "copy"));
    }
}
