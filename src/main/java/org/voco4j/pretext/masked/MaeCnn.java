package org.voco4j.pretext.masked;

import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.Setup;
import org.voco4j.pretext.part.EncoderWithDecoder;
import org.voco4j.pretext.part.TokenMask;

/**
 * What do the hidden cells of a crop hold? Hidden cells are 0, and a whole network for segmentation, skip connections included,
 * restores them: a masked autoencoder for any encoder (Wald et al., nnssl).
 *
 * <pre>  L = Σ (x − f(x·(1 − w)))²·w / Σ w,    w = 1 in hidden cells, else 0 </pre>
 */
public final class MaeCnn extends MaskedImage<EncoderWithDecoder> {
    MaeCnn(MaeCnnSettings settings, Setup setup) {
        super(
                setup,
                settings.crops(),
                settings.cells(),
                settings.ratio(),
                () -> new EncoderWithDecoder(setup.encoderAndDecoder()));
    }

    @Override
    Tensor predicted(EncoderWithDecoder network, Tensor crops, Tensor hidden) {
        Tensor seen = TokenMask.spread(hidden, crops).times(-1).plus(1);
        return network.restored(crops.times(seen), setup().precision());
    }

    @Override
    Tensor error(Tensor predicted, Tensor crops, Tensor hidden) {
        return MaskedL2.of(predicted, crops, hidden);
    }
}
