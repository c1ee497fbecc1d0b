import OrreryTensors
import Testing

@Suite struct TensorTests {
  @Test func elementsLieInRowMajorOrder() {
    var tensor = Tensor<Double>(shape: [2, 3, 4])
    tensor[1, 2, 3] = 7
    tensor[0, 1, 0] = 5
    #expect(tensor.count == 24)
    #expect(tensor.elements[23] == 7 && tensor.elements[4] == 5)
    #expect(tensor.reshaped([6, 4])[1, 0] == 5)
    #expect(Tensor<Float>(shape: []).count == 1)
  }

  @Test func copiesAreIndependent() {
    let original = Tensor<Float>(shape: [3], elements: [1, 2, 3])
    var copy = original
    var view = original.reshaped([1, 3])
    copy[0] = 10
    view[0, 2] = 30
    copy.withMutableSpan { $0[1] = 20 }
    #expect(original.elements == [1, 2, 3])
    #expect(copy.elements == [10, 20, 3])
    #expect(view.elements == [1, 2, 30])
  }

  /// A tensor that nobody shares is written where it stands.
  @Test func uniqueTensorsAreNotCopied() {
    var tensor = Tensor<Double>(shape: [100])
    let before = tensor.withUnsafeBuffer { $0.baseAddress }
    tensor[5] = 1
    tensor.withMutableSpan { $0[6] = 2 }
    #expect(tensor.withUnsafeBuffer { $0.baseAddress } == before)
    let shared = tensor
    tensor[7] = 3
    #expect(tensor.withUnsafeBuffer { $0.baseAddress } != before)
    #expect(shared.withUnsafeBuffer { $0.baseAddress } == before)
  }

  @Test func memoryIsAligned() {
    for count in [0, 1, 3, 1000] {
      Tensor<Float>(shape: [count]).withUnsafeBuffer { #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0) }
    }
  }

  @Test func equalityIsOfShapeAndElements() {
    let a = Tensor<Float>(shape: [2, 2], elements: [1, 2, 3, 4])
    #expect(a == Tensor(shape: [2, 2], elements: [1, 2, 3, 4]))
    #expect(a != a.reshaped([4]))
    #expect(a != Tensor(shape: [2, 2], elements: [1, 2, 3, 5]))
    #expect(a.withSpan { $0[3] } == 4)
  }

  @Test func precisionsHaveNames() {
    #expect(Float.precisionName == "float32" && Double.precisionName == "float64")
    #expect(1 + Float.unitRoundoff == 1 && 1 + 3 * Float.unitRoundoff > 1)
    #expect(1 + Double.unitRoundoff == 1 && 1 + 3 * Double.unitRoundoff > 1)
  }
}
