package org.voco4j.pretext.masked;

import java.util.Map;
import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;
import org.voco4j.volume.Shape3;

/** The convolutional masked autoencoder as a method of pre-training: {@code pretext.task: mae-cnn}. */
public final class MaeCnnMethod extends PretextMethod<MaeCnnSettings> {
    /** The method. */
    public MaeCnnMethod() {
        super(
                "mae-cnn",
                new MethodAbout(
                        "MAE (convolutional)",
                        "what do hidden cells of a crop hold, told by a whole network",
                        "Wald et al., nnssl 2024; He et al., CVPR 2022",
                        "nnssl's code",
                        MethodAbout.WITH_DECODER),
                MaeCnnSettings.class);
    }

    @Override
    public void require(MaeCnnSettings settings, Shape3 volume, int crop) {
        MaskedImage.requireDivides(settings.cells(), crop);
    }

    @Override
    public PretextTask task(MaeCnnSettings settings, Setup setup) {
        return new MaeCnn(settings, setup);
    }

    @Override
    public Map<String, Map<String, String>> charts() {
        return Map.of("Loss", scored("loss"));
    }
}
