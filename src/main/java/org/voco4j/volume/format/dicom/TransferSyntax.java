package org.voco4j.volume.format.dicom;

import java.util.List;

/**
 * How a file is written (PS3.5 annex A, PS3.6 annex A).
 *
 * @param uid its identifier
 * @param name what it is called
 * @param explicit whether each element says its value representation
 * @param bigEndian whether the high byte of a number comes first
 * @param deflated whether the data set is packed
 */
public record TransferSyntax(String uid, String name, boolean explicit, boolean bigEndian, boolean deflated) {
    private static final String ROOT = "1.2.840.10008.1.2";

    /** Each element as tag, length and value. */
    public static final TransferSyntax IMPLICIT_LITTLE_ENDIAN =
            new TransferSyntax(ROOT, "Implicit VR Little Endian", false, false, false);

    /** What this program writes. */
    public static final TransferSyntax EXPLICIT_LITTLE_ENDIAN = plain(".1", "Explicit VR Little Endian");

    /** Retired, and still in archives. */
    public static final TransferSyntax EXPLICIT_BIG_ENDIAN =
            new TransferSyntax(ROOT + ".2", "Explicit VR Big Endian", true, true, false);

    /** Frames packed by annex G. */
    public static final TransferSyntax RLE = plain(".5", "RLE Lossless");

    private static final List<TransferSyntax> NAMED = List.of(
            IMPLICIT_LITTLE_ENDIAN,
            EXPLICIT_LITTLE_ENDIAN,
            EXPLICIT_BIG_ENDIAN,
            new TransferSyntax(ROOT + ".1.99", "Deflated Explicit VR Little Endian", true, false, true),
            RLE,
            plain(".4.50", "JPEG Baseline (Process 1)"),
            plain(".4.51", "JPEG Extended (Process 2 and 4)"),
            plain(".4.57", "JPEG Lossless (Process 14)"),
            plain(".4.70", "JPEG Lossless, First-Order Prediction"),
            plain(".4.80", "JPEG-LS Lossless"),
            plain(".4.81", "JPEG-LS Near-Lossless"),
            plain(".4.90", "JPEG 2000 (Lossless Only)"),
            plain(".4.91", "JPEG 2000"));

    /** The one of an identifier; one that is not named here is written as all newer ones are. */
    public static TransferSyntax of(String uid) {
        String name =
                uid.matches("[0-9.]{1,64}") ? "transfer syntax " + uid : "a transfer syntax that is no identifier";
        return NAMED.stream()
                .filter(syntax -> syntax.uid.equals(uid))
                .findFirst()
                .orElseGet(() -> new TransferSyntax(uid, name, true, false, false));
    }

    private static TransferSyntax plain(String ending, String name) {
        return new TransferSyntax(ROOT + ending, name, true, false, false);
    }
}
