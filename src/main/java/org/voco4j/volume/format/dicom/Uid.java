package org.voco4j.volume.format.dicom;

import java.math.BigInteger;
import java.util.UUID;

/** Identifiers of DICOM objects (PS3.5 section 9). */
final class Uid {
    private Uid() {}

    /** A new one, from a random UUID under the root that needs no registration (PS3.5 annex B.2). */
    static String random() {
        return "2.25." + new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16);
    }
}
