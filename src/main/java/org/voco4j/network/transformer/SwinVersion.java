package org.voco4j.network.transformer;

/** The published forms of Swin-UNETR's transformer. */
public enum SwinVersion {
    /** Hatamizadeh et al. 2022. */
    V1,
    /** He et al. 2023: a residual convolution block before every stage. What VoCo's released code trains. */
    V2
}
