package org.voco4j.volume.format.dicom.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JPEG 2000 (T.800): all wavelets, orders, tiles, layers and styles of blocks of part 1, but headers of packets that lie
 * apart and components of lower resolution, which no encoder of medical images writes.
 *
 * <p>Samples that were coded with loss stand in the middle of what they may have been.
 */
final class Jpeg2000 implements FrameCodec {
    private static final int START = 0xff4f;
    private static final int SIZE = 0xff51;
    private static final int START_OF_TILE = 0xff90;
    private static final int START_OF_DATA = 0xff93;

    /**
     * What there is of a tile.
     *
     * @param parts of the stream that hold packets
     */
    private record TileParts(J2kParameters parameters, List<ByteInput> parts) {}

    @Override
    public short[] decode(byte[] stream, int from, int to, FrameShape shape, short[] room) throws FrameException {
        ByteInput in = new ByteInput(stream, from, to);
        if (in.left() < 4 || in.u16() != START || in.u16() != SIZE) {
            throw new FrameException("a JPEG 2000 code stream, which begins with FF 4F FF 51", "other bytes");
        }
        J2kSize size = J2kSize.read(in.part(in.u16() - 2), shape);
        J2kParameters main = new J2kParameters(size);
        headers(in, main, START_OF_TILE);
        @Nullable TileParts[] tiles = new @Nullable TileParts[size.tilesAcross() * size.tilesDown()];
        do {
            tilePart(in, main, tiles);
        } while (in.left() >= 2 && in.u16() == START_OF_TILE);
        short[] samples = shape.room(room);
        for (int i = 0; i < tiles.length; i++) {
            TileParts tile = tiles[i];
            if (tile == null) {
                throw new FrameException(tiles.length + " tiles", "none of number " + i);
            }
            new J2kTile(size, tile.parameters, i).decode(tile.parts, samples);
        }
        return samples;
    }

    /** Reads segments of a header up to a marker. */
    private static void headers(ByteInput in, J2kParameters parameters, int last) throws FrameException {
        for (int marker = in.u16(); marker != last; marker = in.u16()) {
            if (marker >> 8 != 0xff) {
                throw new FrameException("a marker, which begins with FF", Integer.toHexString(marker));
            }
            parameters.read(marker & 0xff, in.part(in.u16() - 2));
        }
    }

    /** Reads the headers of a part of a tile, and passes over its packets. */
    private static void tilePart(ByteInput in, J2kParameters main, @Nullable TileParts[] tiles) throws FrameException {
        int start = in.at - 2;
        ByteInput segment = in.part(in.u16() - 2);
        int index = segment.u16();
        int length = segment.u31();
        if (index >= tiles.length) {
            throw new FrameException("one of " + tiles.length + " tiles", "tile " + index);
        }
        TileParts tile = tiles[index];
        if (tile == null) {
            tile = new TileParts(new J2kParameters(main), new ArrayList<>());
            tiles[index] = tile;
        }
        headers(in, tile.parameters, START_OF_DATA);
        // 0 stands for all that is left
        tile.parts.add(in.part(length == 0 ? in.left() : length - (in.at - start)));
    }
}
