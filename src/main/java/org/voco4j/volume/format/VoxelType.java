package org.voco4j.volume.format;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How a file stores a voxel: the data types that are numbers, with their codes in NIfTI and their sizes. */
enum VoxelType {
    UINT8(2, 1),
    INT16(4, 2),
    INT32(8, 4),
    FLOAT32(16, 4),
    FLOAT64(64, 8),
    INT8(256, 1),
    UINT16(512, 2),
    UINT32(768, 4),
    INT64(1024, 8),
    UINT64(1280, 8);

    final int code;
    final int bytes;

    VoxelType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    static @Nullable VoxelType of(int code) {
        for (VoxelType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    /** The name of a data type that is not a real number, for the refusal. */
    static String describe(int code) {
        return switch (code) {
            case 1 -> "1 bit per voxel";
            case 32, 1792, 2048 -> "complex numbers";
            case 128, 2304 -> "RGB colours";
            case 1536 -> "float128";
            default -> "unknown data type " + code;
        };
    }

    /** value = raw·slope + intercept for {@code count} voxels, computed in double and rounded to float. */
    void decode(ByteBuffer raw, int count, double slope, double intercept, float[] out) {
        boolean plain = slope == 1 && intercept == 0;
        switch (this) {
            case UINT8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = raw.get(i) & 0xff;
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = raw.get(i);
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = raw.getShort(2 * i);
                }
            }
            case UINT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = raw.getShort(2 * i) & 0xffff;
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    out[i] = (float) (wide(raw, i) * slope + intercept);
                }
                return;
            }
        }
        for (int i = 0; i < count && !plain; i++) { // 8 and 16 bits are exact in float
            out[i] = (float) (out[i] * slope + intercept);
        }
    }

    private double wide(ByteBuffer raw, int i) {
        return switch (this) {
            case INT32 -> raw.getInt(4 * i);
            case UINT32 -> raw.getInt(4 * i) & 0xffffffffL;
            case FLOAT32 -> raw.getFloat(4 * i);
            case FLOAT64 -> raw.getDouble(8 * i);
            case INT64 -> raw.getLong(8 * i);
            default -> unsigned(raw.getLong(8 * i));
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }
}
