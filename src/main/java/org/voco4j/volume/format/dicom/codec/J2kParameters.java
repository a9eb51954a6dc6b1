package org.voco4j.volume.format.dicom.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the headers of a JPEG 2000 stream or of one of its tiles say of coding (T.800 sections A.6 and A.7). */
final class J2kParameters {
    private static final int CAPABILITIES = 0x50;
    private static final int CODING = 0x52;
    private static final int CODING_OF_ONE = 0x53;
    private static final int QUANTISATION = 0x5c;
    private static final int QUANTISATION_OF_ONE = 0x5d;
    private static final int REGION = 0x5e;
    private static final int ORDER_CHANGES = 0x5f;
    private static final int PACKED_HEADERS = 0x60;
    private static final int PACKED_HEADERS_OF_TILE = 0x61;

    private static final int MOST_CHANGES = 64; // one for each layer and resolution of what anyone writes

    /**
     * Packets in an order, as far as they have not come before.
     *
     * @param order 0 to 4: layer-resolution-component-position, RLCP, RPCL, PCRL, CPRL
     */
    record Progression(int order, int resolution, int resolutions, int component, int components, int layers) {}

    private final J2kSize size;
    private final @Nullable J2kCoding[] codings;
    private final @Nullable J2kQuantisation[] quantisations;
    private final int[] regionShifts;
    private final boolean[] ownCoding;
    private final boolean[] ownQuantisation;
    private final List<Progression> changes;
    private boolean ownChanges;
    private int order;
    private int layers;
    private boolean transformed;

    J2kParameters(J2kSize size) {
        this.size = size;
        codings = new @Nullable J2kCoding[size.components()];
        quantisations = new @Nullable J2kQuantisation[size.components()];
        regionShifts = new int[size.components()];
        ownCoding = new boolean[size.components()];
        ownQuantisation = new boolean[size.components()];
        changes = new ArrayList<>();
    }

    /** Those of a tile, to begin with: what its own header says comes before all that the main one does. */
    J2kParameters(J2kParameters main) {
        size = main.size;
        codings = main.codings.clone();
        quantisations = main.quantisations.clone();
        regionShifts = main.regionShifts.clone();
        ownCoding = new boolean[size.components()];
        ownQuantisation = new boolean[size.components()];
        changes = new ArrayList<>(main.changes);
        order = main.order;
        layers = main.layers;
        transformed = main.transformed;
    }

    void read(int marker, ByteInput segment) throws FrameException {
        switch (marker) {
            case CODING -> coding(segment);
            case CODING_OF_ONE -> {
                int component = component(segment);
                codings[component] = J2kCoding.read(segment, (segment.u8() & 1) != 0);
                ownCoding[component] = true;
            }
            case QUANTISATION -> {
                J2kQuantisation read = J2kQuantisation.read(segment);
                for (int c = 0; c < quantisations.length; c++) {
                    quantisations[c] = ownQuantisation[c] ? quantisations[c] : read;
                }
            }
            case QUANTISATION_OF_ONE -> {
                int component = component(segment);
                quantisations[component] = J2kQuantisation.read(segment);
                ownQuantisation[component] = true;
            }
            case REGION -> {
                int component = component(segment);
                segment.u8(); // the only style, by the largest shift
                regionShifts[component] = segment.u8();
            }
            case ORDER_CHANGES -> changes(segment);
            case CAPABILITIES -> throw new FrameException("JPEG 2000 of part 1", "High-Throughput JPEG 2000");
            case PACKED_HEADERS, PACKED_HEADERS_OF_TILE ->
                throw new FrameException("headers of packets before each of them", "packed headers");
            default -> {} // lengths, which are found anyway, and comments
        }
    }

    private void coding(ByteInput segment) throws FrameException {
        int style = segment.u8();
        order = segment.u8();
        layers = segment.u16();
        int transform = segment.u8();
        transformed = transform == 1;
        boolean sound = order <= 4 && layers > 0 && (transform == 0 || (transformed && size.components() >= 3));
        if (!sound) {
            throw new FrameException(
                    "orders 0 to 4, some layers, and a transform of 3 components at most",
                    "order " + order + ", " + layers + " layers, transform " + transform);
        }
        J2kCoding read = J2kCoding.read(segment, (style & 1) != 0);
        for (int c = 0; c < codings.length; c++) {
            codings[c] = ownCoding[c] ? codings[c] : read;
        }
    }

    private void changes(ByteInput segment) throws FrameException {
        if (!ownChanges) {
            changes.clear(); // those of the main header
            ownChanges = true;
        }
        while (segment.left() > 0) {
            int resolution = segment.u8();
            int component = number(segment);
            int someLayers = segment.u16();
            int resolutions = segment.u8();
            int components = number(segment);
            int someOrder = segment.u8();
            if (someOrder > 4 || changes.size() == MOST_CHANGES) {
                throw new FrameException("at most " + MOST_CHANGES + " changes among orders 0 to 4", "another");
            }
            // of one byte, 0 stands for 256
            changes.add(new Progression(
                    someOrder, resolution, resolutions, component, components == 0 ? 256 : components, someLayers));
        }
    }

    private int number(ByteInput segment) throws FrameException {
        return size.components() < 257 ? segment.u8() : segment.u16();
    }

    private int component(ByteInput segment) throws FrameException {
        int component = number(segment);
        if (component >= size.components()) {
            throw new FrameException("one of " + size.components() + " components", "component " + component);
        }
        return component;
    }

    /** In which orders packets come, one after the other. */
    List<Progression> progressions() {
        return changes.isEmpty() ? List.of(new Progression(order, 0, 33, 0, size.components(), layers)) : changes;
    }

    int layers() {
        return layers;
    }

    boolean transformed() {
        return transformed;
    }

    int regionShift(int component) {
        return regionShifts[component];
    }

    J2kCoding coding(int component) throws FrameException {
        J2kCoding coding = codings[component];
        if (coding == null) {
            throw new FrameException("a marker of coding (COD) before the first tile", "none");
        }
        return coding;
    }

    J2kQuantisation quantisation(int component) throws FrameException {
        J2kQuantisation quantisation = quantisations[component];
        if (quantisation == null) {
            throw new FrameException("a marker of quantisation (QCD) before the first tile", "none");
        }
        return quantisation;
    }
}
