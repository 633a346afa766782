package paseo.inference;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import paseo.inference.onnx.AttributeProto;
import paseo.inference.onnx.GraphProto;
import paseo.inference.onnx.ModelProto;
import paseo.inference.onnx.NodeProto;
import paseo.inference.onnx.TensorProto;
import paseo.inference.onnx.ValueInfoProto;

/**
 * Lets a detector that is published for one picture at a time take many, which an accelerator needs to be kept busy.
 * What stands in the way are the last nodes: YuNet shapes its outputs as 1 x anchors x values, SCRFD brings the anchors
 * of all pictures before the pictures. Outputs of one picture stay the same; those of many follow each other.
 */
final class ManyPictures {
    private static final int INT64 = 7;
    private static final String NAME = "paseo.pictures";
    private static final List<Long> ANCHORS_FIRST = List.of(2L, 3L, 0L, 1L);
    private static final List<Long> PICTURES_FIRST = List.of(0L, 2L, 3L, 1L);

    private ManyPictures() {}

    /**
     * The model for any number of pictures.
     *
     * @return the given bytes where they are no model: whoever loads them will say so
     */
    static byte[] of(byte[] model) {
        try {
            ModelProto.Builder changed = ModelProto.parseFrom(model).toBuilder();
            change(changed.getGraphBuilder());
            return changed.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            return model;
        }
    }

    private static void change(GraphProto.Builder graph) {
        Map<String, TensorProto> constants = new HashMap<>();
        graph.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
        graph.getInputBuilderList().stream()
                .filter(input -> !constants.containsKey(input.getName()))
                .forEach(ManyPictures::free);
        // Declared shapes are of one picture; without them ONNX Runtime works out its own.
        graph.getOutputBuilderList()
                .forEach(
                        output -> output.getTypeBuilder().getTensorTypeBuilder().clearShape());
        graph.clearValueInfo();
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            if (node.getOpType().equals("Transpose")) {
                picturesFirst(node);
            } else if (node.getOpType().equals("Reshape") && constants.containsKey(node.getInput(1))) {
                anyNumber(graph, node, constants.get(node.getInput(1)));
            }
        }
    }

    private static void free(ValueInfoProto.Builder input) {
        input.getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .clear()
                .setDimParam(NAME);
    }

    private static void picturesFirst(NodeProto.Builder node) {
        for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
            if (attribute.getName().equals("perm") && attribute.getIntsList().equals(ANCHORS_FIRST)) {
                attribute.clearInts().addAllInts(PICTURES_FIRST);
            }
        }
    }

    /** To 0 x -1 x values: as many as there are pictures, see the operator Reshape. */
    private static void anyNumber(GraphProto.Builder graph, NodeProto.Builder node, TensorProto constant) {
        ByteBuffer shape = constant.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (constant.getDataType() != INT64 || shape.remaining() != 3 * Long.BYTES || shape.getLong(0) != 1) {
            return;
        }
        String name = NAME + "." + node.getOutput(0);
        ByteBuffer any = ByteBuffer.allocate(3 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        any.putLong(0, 0)
                .putLong(Long.BYTES, shape.getLong(Long.BYTES))
                .putLong(2 * Long.BYTES, shape.getLong(2 * Long.BYTES));
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(INT64)
                .addDims(3)
                .setRawData(ByteString.copyFrom(any)));
        node.setInput(1, name);
    }
}
