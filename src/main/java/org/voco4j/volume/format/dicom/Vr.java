package org.voco4j.volume.format.dicom;

import org.jspecify.annotations.Nullable;

/** How a value is written: the value representations of PS3.5 section 6.2. */
public enum Vr {
    AE(0),
    AS(0),
    AT(2),
    CS(0),
    DA(0),
    DS(0),
    DT(0),
    FD(8),
    FL(4),
    IS(0),
    LO(0),
    LT(0),
    OB(1),
    OD(8),
    OF(4),
    OL(4),
    OV(8),
    OW(2),
    PN(0),
    SH(0),
    SL(4),
    SQ(0),
    SS(2),
    ST(0),
    SV(8),
    TM(0),
    UC(0),
    UI(0),
    UL(4),
    UN(1),
    UR(0),
    US(2),
    UT(0),
    UV(8);

    /** Bytes of a number; 0 for text and sequences. */
    final int bytes;

    Vr(int bytes) {
        this.bytes = bytes;
    }

    /** Whether its length takes four bytes with two before them, where others take two (PS3.5 section 7.1.2). */
    boolean isLong() {
        return switch (this) {
            case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
            default -> false;
        };
    }

    /** Whether a backslash stands between values, rather than in a text. */
    boolean hasSeveral() {
        return switch (this) {
            case LT, ST, UR, UT -> false;
            default -> true;
        };
    }

    /** Whether its characters are those that Specific Character Set names, rather than ASCII. */
    boolean isTranslated() {
        return switch (this) {
            case LO, LT, PN, SH, ST, UC, UT -> true;
            default -> false;
        };
    }

    /** What an odd number of bytes is filled up with. */
    byte padding() {
        return (byte) (bytes > 0 || this == UI ? 0 : ' ');
    }

    /** The one of two letters; UN for letters that the standard may name one day; null for what are no capital letters. */
    static @Nullable Vr of(int first, int second) {
        if (first < 'A' || first > 'Z' || second < 'A' || second > 'Z') {
            return null;
        }
        for (Vr vr : values()) {
            if (vr.name().charAt(0) == first && vr.name().charAt(1) == second) {
                return vr;
            }
        }
        return UN;
    }
}
