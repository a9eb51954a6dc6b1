package org.voco4j.volume.format.dicom;

import java.util.HashMap;
import java.util.Map;

/** The elements that this program knows, under their keywords in PS3.6: (group, element) as one number, group first. */
public final class Tag {
    private static final Map<Integer, Vr> KNOWN = new HashMap<>();

    public static final int FILE_META_INFORMATION_VERSION = known(0x0002_0001, Vr.OB);
    public static final int MEDIA_STORAGE_SOP_CLASS_UID = known(0x0002_0002, Vr.UI);
    public static final int MEDIA_STORAGE_SOP_INSTANCE_UID = known(0x0002_0003, Vr.UI);
    public static final int TRANSFER_SYNTAX_UID = known(0x0002_0010, Vr.UI);
    public static final int IMPLEMENTATION_CLASS_UID = known(0x0002_0012, Vr.UI);
    public static final int IMPLEMENTATION_VERSION_NAME = known(0x0002_0013, Vr.SH);
    public static final int SPECIFIC_CHARACTER_SET = known(0x0008_0005, Vr.CS);
    public static final int IMAGE_TYPE = known(0x0008_0008, Vr.CS);
    public static final int SOP_CLASS_UID = known(0x0008_0016, Vr.UI);
    public static final int SOP_INSTANCE_UID = known(0x0008_0018, Vr.UI);
    public static final int STUDY_DATE = known(0x0008_0020, Vr.DA);
    public static final int SERIES_DATE = known(0x0008_0021, Vr.DA);
    public static final int CONTENT_DATE = known(0x0008_0023, Vr.DA);
    public static final int STUDY_TIME = known(0x0008_0030, Vr.TM);
    public static final int SERIES_TIME = known(0x0008_0031, Vr.TM);
    public static final int CONTENT_TIME = known(0x0008_0033, Vr.TM);
    public static final int ACCESSION_NUMBER = known(0x0008_0050, Vr.SH);
    public static final int MODALITY = known(0x0008_0060, Vr.CS);
    public static final int MANUFACTURER = known(0x0008_0070, Vr.LO);
    public static final int REFERRING_PHYSICIAN_NAME = known(0x0008_0090, Vr.PN);
    public static final int CODE_VALUE = known(0x0008_0100, Vr.SH);
    public static final int CODING_SCHEME_DESIGNATOR = known(0x0008_0102, Vr.SH);
    public static final int CODE_MEANING = known(0x0008_0104, Vr.LO);
    public static final int STUDY_DESCRIPTION = known(0x0008_1030, Vr.LO);
    public static final int SERIES_DESCRIPTION = known(0x0008_103E, Vr.LO);
    public static final int MANUFACTURER_MODEL_NAME = known(0x0008_1090, Vr.LO);
    public static final int REFERENCED_SERIES_SEQUENCE = known(0x0008_1115, Vr.SQ);
    public static final int REFERENCED_IMAGE_SEQUENCE = known(0x0008_1140, Vr.SQ);
    public static final int REFERENCED_INSTANCE_SEQUENCE = known(0x0008_114A, Vr.SQ);
    public static final int REFERENCED_SOP_CLASS_UID = known(0x0008_1150, Vr.UI);
    public static final int REFERENCED_SOP_INSTANCE_UID = known(0x0008_1155, Vr.UI);
    public static final int REFERENCED_FRAME_NUMBER = known(0x0008_1160, Vr.IS);
    public static final int SOURCE_IMAGE_SEQUENCE = known(0x0008_2112, Vr.SQ);
    public static final int FRAME_TYPE = known(0x0008_9007, Vr.CS);
    public static final int DERIVATION_IMAGE_SEQUENCE = known(0x0008_9124, Vr.SQ);
    public static final int DERIVATION_CODE_SEQUENCE = known(0x0008_9215, Vr.SQ);
    public static final int PATIENT_NAME = known(0x0010_0010, Vr.PN);
    public static final int PATIENT_ID = known(0x0010_0020, Vr.LO);
    public static final int ISSUER_OF_PATIENT_ID = known(0x0010_0021, Vr.LO);
    public static final int PATIENT_BIRTH_DATE = known(0x0010_0030, Vr.DA);
    public static final int PATIENT_SEX = known(0x0010_0040, Vr.CS);
    public static final int PATIENT_AGE = known(0x0010_1010, Vr.AS);
    public static final int PATIENT_SIZE = known(0x0010_1020, Vr.DS);
    public static final int PATIENT_WEIGHT = known(0x0010_1030, Vr.DS);
    public static final int CLINICAL_TRIAL_TIME_POINT_ID = known(0x0012_0050, Vr.LO);
    public static final int CLINICAL_TRIAL_TIME_POINT_DESCRIPTION = known(0x0012_0051, Vr.ST);
    public static final int PATIENT_IDENTITY_REMOVED = known(0x0012_0062, Vr.CS);
    public static final int DEIDENTIFICATION_METHOD = known(0x0012_0063, Vr.LO);
    public static final int DEIDENTIFICATION_METHOD_CODE_SEQUENCE = known(0x0012_0064, Vr.SQ);
    public static final int BODY_PART_EXAMINED = known(0x0018_0015, Vr.CS);
    public static final int SLICE_THICKNESS = known(0x0018_0050, Vr.DS);
    public static final int ECHO_NUMBERS = known(0x0018_0086, Vr.IS);
    public static final int SPACING_BETWEEN_SLICES = known(0x0018_0088, Vr.DS);
    public static final int DEVICE_SERIAL_NUMBER = known(0x0018_1000, Vr.LO);
    public static final int SOFTWARE_VERSIONS = known(0x0018_1020, Vr.LO);
    public static final int TRIGGER_TIME = known(0x0018_1060, Vr.DS);
    public static final int IMAGER_PIXEL_SPACING = known(0x0018_1164, Vr.DS);
    public static final int STUDY_INSTANCE_UID = known(0x0020_000D, Vr.UI);
    public static final int SERIES_INSTANCE_UID = known(0x0020_000E, Vr.UI);
    public static final int STUDY_ID = known(0x0020_0010, Vr.SH);
    public static final int SERIES_NUMBER = known(0x0020_0011, Vr.IS);
    public static final int ACQUISITION_NUMBER = known(0x0020_0012, Vr.IS);
    public static final int INSTANCE_NUMBER = known(0x0020_0013, Vr.IS);
    public static final int IMAGE_POSITION_PATIENT = known(0x0020_0032, Vr.DS);
    public static final int IMAGE_ORIENTATION_PATIENT = known(0x0020_0037, Vr.DS);
    public static final int FRAME_OF_REFERENCE_UID = known(0x0020_0052, Vr.UI);
    public static final int TEMPORAL_POSITION_IDENTIFIER = known(0x0020_0100, Vr.IS);
    public static final int POSITION_REFERENCE_INDICATOR = known(0x0020_1040, Vr.LO);
    public static final int STACK_ID = known(0x0020_9056, Vr.SH);
    public static final int FRAME_CONTENT_SEQUENCE = known(0x0020_9111, Vr.SQ);
    public static final int PLANE_POSITION_SEQUENCE = known(0x0020_9113, Vr.SQ);
    public static final int PLANE_ORIENTATION_SEQUENCE = known(0x0020_9116, Vr.SQ);
    public static final int TEMPORAL_POSITION_INDEX = known(0x0020_9128, Vr.UL);
    public static final int FRAME_ACQUISITION_NUMBER = known(0x0020_9156, Vr.US);
    public static final int DIMENSION_INDEX_VALUES = known(0x0020_9157, Vr.UL);
    public static final int DIMENSION_ORGANIZATION_UID = known(0x0020_9164, Vr.UI);
    public static final int DIMENSION_INDEX_POINTER = known(0x0020_9165, Vr.AT);
    public static final int FUNCTIONAL_GROUP_POINTER = known(0x0020_9167, Vr.AT);
    public static final int DIMENSION_ORGANIZATION_SEQUENCE = known(0x0020_9221, Vr.SQ);
    public static final int DIMENSION_INDEX_SEQUENCE = known(0x0020_9222, Vr.SQ);
    public static final int DIMENSION_DESCRIPTION_LABEL = known(0x0020_9421, Vr.LO);
    public static final int SAMPLES_PER_PIXEL = known(0x0028_0002, Vr.US);
    public static final int PHOTOMETRIC_INTERPRETATION = known(0x0028_0004, Vr.CS);
    public static final int PLANAR_CONFIGURATION = known(0x0028_0006, Vr.US);
    public static final int NUMBER_OF_FRAMES = known(0x0028_0008, Vr.IS);
    public static final int ROWS = known(0x0028_0010, Vr.US);
    public static final int COLUMNS = known(0x0028_0011, Vr.US);
    public static final int PIXEL_SPACING = known(0x0028_0030, Vr.DS);
    public static final int BITS_ALLOCATED = known(0x0028_0100, Vr.US);
    public static final int BITS_STORED = known(0x0028_0101, Vr.US);
    public static final int HIGH_BIT = known(0x0028_0102, Vr.US);
    public static final int PIXEL_REPRESENTATION = known(0x0028_0103, Vr.US);
    public static final int PIXEL_PADDING_VALUE = known(0x0028_0120, Vr.US);
    public static final int PIXEL_PADDING_RANGE_LIMIT = known(0x0028_0121, Vr.US);
    public static final int LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED = known(0x0028_0303, Vr.CS);
    public static final int RESCALE_INTERCEPT = known(0x0028_1052, Vr.DS);
    public static final int RESCALE_SLOPE = known(0x0028_1053, Vr.DS);
    public static final int SPATIAL_LOCATIONS_PRESERVED = known(0x0028_135A, Vr.CS);
    public static final int LOSSY_IMAGE_COMPRESSION = known(0x0028_2110, Vr.CS);
    public static final int LOSSY_IMAGE_COMPRESSION_RATIO = known(0x0028_2112, Vr.DS);
    public static final int LOSSY_IMAGE_COMPRESSION_METHOD = known(0x0028_2114, Vr.CS);
    public static final int PIXEL_MEASURES_SEQUENCE = known(0x0028_9110, Vr.SQ);
    public static final int PIXEL_VALUE_TRANSFORMATION_SEQUENCE = known(0x0028_9145, Vr.SQ);
    public static final int PURPOSE_OF_REFERENCE_CODE_SEQUENCE = known(0x0040_A170, Vr.SQ);
    public static final int SEGMENTATION_TYPE = known(0x0062_0001, Vr.CS);
    public static final int SEGMENT_SEQUENCE = known(0x0062_0002, Vr.SQ);
    public static final int SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE = known(0x0062_0003, Vr.SQ);
    public static final int SEGMENT_NUMBER = known(0x0062_0004, Vr.US);
    public static final int SEGMENT_LABEL = known(0x0062_0005, Vr.LO);
    public static final int SEGMENT_ALGORITHM_TYPE = known(0x0062_0008, Vr.CS);
    public static final int SEGMENT_ALGORITHM_NAME = known(0x0062_0009, Vr.LO);
    public static final int SEGMENT_IDENTIFICATION_SEQUENCE = known(0x0062_000A, Vr.SQ);
    public static final int REFERENCED_SEGMENT_NUMBER = known(0x0062_000B, Vr.US);
    public static final int RECOMMENDED_DISPLAY_CIELAB_VALUE = known(0x0062_000D, Vr.US);
    public static final int SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE = known(0x0062_000F, Vr.SQ);
    public static final int SEGMENTED_PROPERTY_TYPE_MODIFIER_CODE_SEQUENCE = known(0x0062_0011, Vr.SQ);
    public static final int SEGMENTS_OVERLAP = known(0x0062_0013, Vr.CS);
    public static final int CONTENT_LABEL = known(0x0070_0080, Vr.CS);
    public static final int CONTENT_DESCRIPTION = known(0x0070_0081, Vr.LO);
    public static final int CONTENT_CREATOR_NAME = known(0x0070_0084, Vr.PN);
    public static final int SHARED_FUNCTIONAL_GROUPS_SEQUENCE = known(0x5200_9229, Vr.SQ);
    public static final int PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE = known(0x5200_9230, Vr.SQ);
    public static final int EXTENDED_OFFSET_TABLE = known(0x7FE0_0001, Vr.OV);
    public static final int EXTENDED_OFFSET_TABLE_LENGTHS = known(0x7FE0_0002, Vr.OV);
    public static final int FLOAT_PIXEL_DATA = known(0x7FE0_0008, Vr.OF);
    public static final int DOUBLE_FLOAT_PIXEL_DATA = known(0x7FE0_0009, Vr.OD);
    public static final int PIXEL_DATA = known(0x7FE0_0010, Vr.OW);

    static final int ITEM = 0xFFFE_E000;
    static final int ITEM_END = 0xFFFE_E00D;
    static final int SEQUENCE_END = 0xFFFE_E0DD;

    private Tag() {}

    /** How an element is written where the file does not say; UN if it is not known here (PS3.5 section 6.2.2). */
    static Vr vr(int tag) {
        return KNOWN.getOrDefault(tag, Vr.UN);
    }

    /** An element in words: {@code (0028,0010)}. */
    public static String words(int tag) {
        return String.format("(%04X,%04X)", tag >>> 16, tag & 0xffff);
    }

    private static int known(int tag, Vr vr) {
        KNOWN.put(tag, vr);
        return tag;
    }
}
