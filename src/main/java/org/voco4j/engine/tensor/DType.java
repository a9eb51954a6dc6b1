package org.voco4j.engine.tensor;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** The number formats of tensors we read, write and compute with, named as in {@code .safetensors} headers. */
public enum DType {
    /** 32-bit float: what networks are trained in. */
    F32(4, ScalarType.Float),
    /** 64-bit float: what numbers are proved in. */
    F64(8, ScalarType.Double),
    /** 16-bit IEEE float. */
    F16(2, ScalarType.Half),
    /** 16-bit brain float. */
    BF16(2, ScalarType.BFloat16),
    /** 64-bit signed integer. */
    I64(8, ScalarType.Long),
    /** 32-bit signed integer. */
    I32(4, ScalarType.Int),
    /** 16-bit signed integer. */
    I16(2, ScalarType.Short),
    /** 8-bit signed integer. */
    I8(1, ScalarType.Char),
    /** 8-bit unsigned integer. */
    U8(1, ScalarType.Byte),
    /** Truth values, a byte each. */
    BOOL(1, ScalarType.Bool);

    private final int bytes;
    private final ScalarType scalar;

    DType(int bytes, ScalarType scalar) {
        this.bytes = bytes;
        this.scalar = scalar;
    }

    /** Bytes per number. */
    public int bytes() {
        return bytes;
    }

    /** Whether it has a fractional part. */
    public boolean isFloating() {
        return this == F32 || this == F64 || this == F16 || this == BF16;
    }

    ScalarType scalar() {
        return scalar;
    }

    static DType of(ScalarType type) {
        ScalarType known = type.intern();
        for (DType candidate : values()) {
            if (candidate.scalar == known) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("a tensor of type " + known + " is not used here");
    }
}
