package org.voco4j.pretext;

import java.util.List;
import org.voco4j.engine.nn.Encoder;

/** An encoder of one map, for heads and losses whose features a reference states; it takes crops of any size. */
public abstract class OneMap extends Encoder {
    private final int channels;

    /** An encoder whose map has so many channels. */
    protected OneMap(int channels) {
        this.channels = channels;
    }

    @Override
    public final List<Integer> channels() {
        return List.of(channels);
    }

    @Override
    public final boolean mixesSamples() {
        return false;
    }

    @Override
    public final boolean takes(long... size) {
        return true;
    }

    @Override
    public final int stage(String weight) {
        return 0;
    }

    @Override
    public final long multiplyAdds(int crop) {
        return 0;
    }
}
