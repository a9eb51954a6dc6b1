package org.voco4j.volume.format.dicom.codec;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The codecs, by the transfer syntaxes that name them (PS3.5 annex A.4, PS3.6 annex A). */
public final class FrameCodecs {
    private static final String ROOT = "1.2.840.10008.1.2.4.";

    private static final FrameCodec JPEG = new Jpeg();
    private static final FrameCodec JPEG_LS = new JpegLs();

    private static final Map<String, FrameCodec> CODECS = Map.of(
            "50", JPEG, // baseline
            "51", JPEG, // extended
            "57", JPEG, // lossless
            "70", JPEG, // lossless, first-order prediction
            "80", JPEG_LS, // lossless
            "81", JPEG_LS); // near-lossless

    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("92", "JPEG 2000 Part 2, several components, lossless"),
            Map.entry("93", "JPEG 2000 Part 2, several components"),
            Map.entry("94", "JPIP"),
            Map.entry("95", "JPIP, deflated"),
            Map.entry("100", "MPEG-2"),
            Map.entry("101", "MPEG-2 high level"),
            Map.entry("102", "MPEG-4 AVC/H.264"),
            Map.entry("103", "MPEG-4 AVC/H.264 for Blu-ray"),
            Map.entry("104", "MPEG-4 AVC/H.264, 2-D"),
            Map.entry("105", "MPEG-4 AVC/H.264, 3-D"),
            Map.entry("106", "MPEG-4 AVC/H.264, stereo"),
            Map.entry("107", "HEVC/H.265"),
            Map.entry("108", "HEVC/H.265, 10 bits"),
            Map.entry("110", "JPEG XL, lossless"),
            Map.entry("111", "JPEG XL, recompressed JPEG"),
            Map.entry("112", "JPEG XL"),
            Map.entry("201", "High-Throughput JPEG 2000, lossless"),
            Map.entry("202", "High-Throughput JPEG 2000, lossless by resolution"),
            Map.entry("203", "High-Throughput JPEG 2000"),
            Map.entry("204", "JPIP of High-Throughput JPEG 2000"),
            Map.entry("205", "JPIP of High-Throughput JPEG 2000, deflated"));

    private FrameCodecs() {}

    /** What decodes the frames of a transfer syntax; null if it is none of these. */
    public static @Nullable FrameCodec of(String transferSyntaxUid) {
        return transferSyntaxUid.startsWith(ROOT) ? CODECS.get(transferSyntaxUid.substring(ROOT.length())) : null;
    }

    /** The name of a transfer syntax of compressed frames that is known and not decoded; null for others. */
    public static @Nullable String refused(String transferSyntaxUid) {
        if (!transferSyntaxUid.startsWith(ROOT)) {
            return null;
        }
        String number = transferSyntaxUid.substring(ROOT.length());
        if (number.matches("5[2-689]|6[0-6]")) {
            return "a retired process of JPEG";
        }
        return REFUSED.get(number.replaceFirst("\\.1$", "")); // MPEG in fragments ends so
    }
}
