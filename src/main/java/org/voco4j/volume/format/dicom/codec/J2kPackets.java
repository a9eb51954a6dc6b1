package org.voco4j.volume.format.dicom.codec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** The packets of a tile: each tells of one layer of one precinct (T.800 sections B.9, B.10 and B.12). */
final class J2kPackets {
    private final J2kTile tile;
    private final Iterator<ByteInput> parts;
    private ByteInput in;

    J2kPackets(J2kTile tile, List<ByteInput> parts) {
        this.tile = tile;
        this.parts = parts.iterator();
        this.in = this.parts.next();
    }

    /** Reads them all. */
    void read() throws FrameException {
        long left = (long) tile.precincts().size() * tile.parameters().layers();
        for (J2kParameters.Progression progression : tile.parameters().progressions()) {
            left -= read(progression);
        }
        if (left > 0) {
            throw new FrameException("packets of all layers", left + " of them in no progression");
        }
    }

    private long read(J2kParameters.Progression progression) throws FrameException {
        Comparator<J2kPrecinct> byResolution = Comparator.comparingInt(p -> p.resolution.number());
        Comparator<J2kPrecinct> byComponent = Comparator.comparingInt(p -> p.resolution.component());
        Comparator<J2kPrecinct> byPlace =
                Comparator.<J2kPrecinct>comparingLong(p -> p.y(tile.y0())).thenComparingLong(p -> p.x(tile.x0()));
        // what is equal stays as it is: by component, resolution, and from left to right and top to bottom
        Comparator<J2kPrecinct> order = switch (progression.order()) {
            case 0, 1 -> byResolution.thenComparing(byComponent);
            case 2 -> byResolution.thenComparing(byPlace);
            case 3 -> byPlace;
            default -> byComponent.thenComparing(byPlace);
        };
        List<J2kPrecinct> some = new ArrayList<>();
        for (J2kPrecinct precinct : tile.precincts()) {
            int resolution = precinct.resolution.number();
            int component = precinct.resolution.component();
            if (resolution >= progression.resolution()
                    && resolution < progression.resolutions()
                    && component >= progression.component()
                    && component < progression.components()) {
                some.add(precinct);
            }
        }
        some.sort(order);
        int layers = Math.min(progression.layers(), tile.parameters().layers());
        long read = 0;
        int from = 0;
        while (from < some.size()) {
            // layer by layer through all, through those of one resolution, or through one alone
            int to = from + 1;
            while (to < some.size()
                    && (progression.order() == 0
                            || (progression.order() == 1 && byResolution.compare(some.get(from), some.get(to)) == 0))) {
                to++;
            }
            List<J2kPrecinct> group = some.subList(from, to);
            int done =
                    group.stream().mapToInt(precinct -> precinct.layers).min().orElse(0);
            for (int layer = done; layer < layers; layer++) {
                for (J2kPrecinct precinct : group) {
                    if (precinct.layers == layer) {
                        packet(precinct);
                        precinct.layers++;
                        read++;
                    }
                }
            }
            from = to;
        }
        return read;
    }

    private void packet(J2kPrecinct precinct) throws FrameException {
        while (in.left() == 0 && parts.hasNext()) {
            in = parts.next();
        }
        if (isNext(0x91)) { // SOP, where a packet begins
            in.part(6);
        }
        J2kBits bits = new J2kBits(in);
        boolean some = bits.bit() == 1;
        if (some) {
            for (J2kPrecinct.Part part : precinct.parts()) {
                header(part, precinct, bits);
            }
        }
        bits.end();
        if (isNext(0x92)) { // EPH, where its header ends
            in.part(2);
        }
        if (some) {
            for (J2kPrecinct.Part part : precinct.parts()) {
                for (J2kBlock block : part.blocks) {
                    if (block != null) {
                        block.take(in);
                    }
                }
            }
        }
    }

    /** Whether a marker comes, which headers and codes of blocks cannot begin with. */
    private boolean isNext(int marker) {
        return in.left() >= 2 && in.bytes[in.at] == -1 && (in.bytes[in.at + 1] & 0xff) == marker;
    }

    private void header(J2kPrecinct.Part part, J2kPrecinct precinct, J2kBits bits) throws FrameException {
        int style = tile.parameters().coding(precinct.resolution.component()).style();
        for (int y = 0; y < part.down; y++) {
            for (int x = 0; x < part.across; x++) {
                J2kBlock block = part.blocks[y * part.across + x];
                boolean included =
                        block == null ? part.inclusion.isBelow(x, y, precinct.layers + 1, bits) : bits.bit() == 1;
                if (!included) {
                    continue;
                }
                if (block == null) {
                    int empty = 0;
                    while (!part.emptyPlanes.isBelow(x, y, empty + 1, bits)) {
                        empty++;
                    }
                    block = new J2kBlock(empty);
                    part.blocks[y * part.across + x] = block;
                }
                passes(block, style, bits);
            }
        }
    }

    private void passes(J2kBlock block, int style, J2kBits bits) throws FrameException {
        int left = count(bits);
        while (bits.bit() == 1) {
            block.lengthBits++;
        }
        while (left > 0) {
            int passes = Math.min(left, block.room(style));
            int width = block.lengthBits + 31 - Integer.numberOfLeadingZeros(passes);
            int length = bits.take(Math.min(width, 31));
            if (width > 31 || length > in.left() - block.pending) {
                throw new FrameException("at most " + in.left() + " bytes of a packet", "a block of more");
            }
            block.extend(passes, length);
            left -= passes;
        }
    }

    /** How many passes a packet adds, 1 to 164 (T.800 table B.4). */
    private static int count(J2kBits bits) throws FrameException {
        if (bits.bit() == 0) {
            return 1;
        }
        if (bits.bit() == 0) {
            return 2;
        }
        int more = bits.take(2);
        if (more < 3) {
            return 3 + more;
        }
        more = bits.take(5);
        return more < 31 ? 6 + more : 37 + bits.take(7);
    }
}
