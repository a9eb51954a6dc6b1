package org.voco4j.corpus.prepare;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Shape3;
import org.voco4j.volume.Volume;

/**
 * A prepared scan in 16 bits per voxel and channel: q = round(65535·(v − low)/(high − low)), v = low + q/65535·(high − low).
 *
 * <p>Where all values of a channel lie in [0, 1], as windowed ones do, low = 0 and high = 1; elsewhere they are its least and
 * its greatest value. What is kept is what is trained on, so a value is the same whether it was kept or made again; the
 * error is at most (high − low)/131070, or 0.0033 HU of a window of 425 HU.
 */
public final class Quantised {
    private static final float LEVELS = 65535;

    private final Shape3 shape;
    private final Affine affine;
    private final List<Channel> channels;

    /**
     * The levels of a channel.
     *
     * @param low the value of level 0
     * @param high the value of level 65535
     * @param levels q as unsigned numbers, row-major; not a copy, not to be changed
     */
    public record Channel(float low, float high, short[] levels) {

        static Channel of(float[] values) {
            float least = Float.POSITIVE_INFINITY;
            float greatest = Float.NEGATIVE_INFINITY;
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("a prepared value is a number, not " + value);
                }
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
            }
            boolean unit = least >= 0 && greatest <= 1;
            float low = unit ? 0 : least;
            float high = unit ? 1 : Math.max(greatest, Math.nextUp(least)); // of one value everywhere, level 0
            short[] levels = new short[values.length];
            for (int i = 0; i < levels.length; i++) {
                levels[i] = (short) Math.round((values[i] - low) / (high - low) * LEVELS);
            }
            return new Channel(low, high, levels);
        }

        float[] values() {
            float[] values = new float[levels.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = low + (levels[i] & 0xffff) / LEVELS * (high - low);
            }
            return values;
        }
    }

    /** From levels as they were kept. */
    public Quantised(Shape3 shape, Affine affine, List<Channel> channels) {
        this.shape = shape;
        this.affine = affine;
        this.channels = List.copyOf(channels);
    }

    /**
     * Rounds a scan of one channel.
     *
     * @throws IllegalArgumentException if a value is no finite number
     */
    public static Quantised of(Volume volume) {
        return of(Channels.of(volume));
    }

    /**
     * Rounds a scan.
     *
     * @throws IllegalArgumentException if a value is no finite number
     */
    public static Quantised of(Channels scan) {
        return new Quantised(
                scan.shape(),
                scan.affine(),
                scan.volumes().stream()
                        .map(channel -> Channel.of(channel.voxels()))
                        .toList());
    }

    public List<Channel> channels() {
        return channels;
    }

    /** The number of voxels along each axis. */
    public Shape3 shape() {
        return shape;
    }

    /** Voxel index → RAS+ millimetres. */
    public Affine affine() {
        return affine;
    }

    /** The memory it takes. */
    public long bytes() {
        return 2L * channels.size() * shape.voxels();
    }

    /** The values. */
    public Channels toChannels() {
        List<Volume> volumes = new ArrayList<>();
        channels.forEach(channel -> volumes.add(new Volume(shape, affine, channel.values())));
        return new Channels(volumes);
    }

    /**
     * The values of a scan of one channel.
     *
     * @throws IllegalStateException if there are several
     */
    public Volume toVolume() {
        return toChannels().single();
    }
}
