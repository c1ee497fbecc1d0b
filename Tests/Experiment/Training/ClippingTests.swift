import OrreryExperiment
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// One step of gradient descent with η = 1 from 0 shows the clipped gradient with its sign turned.
@Suite struct ClippingTests {
  private func clipped(_ clipping: GradientClipping, _ gradient: [Double]) throws -> [Double] {
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(1), clipping: clipping, steps: 1, loss: UpdateCases.loss)
    return try UpdateCases.run(
      optimizer, from: [0, 0, 0], gradients: [gradient], layout: UpdateCases.small()
    ).map { 0 - $0 }
  }

  @Test func globalNorm() throws {
    // |g| = 13 over both tensors, 5 over the weights.
    #expect(elementwiseRelativeError(try clipped(.global(6.5), [3, 4, 12]), [1.5, 2, 6]) < 1e-15)
    #expect(try clipped(.global(13), [3, 4, 12]) == [3, 4, 12])
    #expect(try clipped(.global(1), [0, 0, 0]) == [0, 0, 0])
  }

  @Test func perTensor() throws {
    #expect(elementwiseRelativeError(try clipped(.perTensor(2.5), [3, 4, 2]), [1.5, 2, 2]) < 1e-15)
    #expect(elementwiseRelativeError(try clipped(.perTensor(6), [3, 4, -12]), [3, 4, -6]) < 1e-15)
  }

  @Test func value() throws {
    #expect(try clipped(.value(3.5), [3, 4, -12]) == [3, 3.5, -3.5])
  }

  /// Clipping sees the loss's gradient, coupled decay what is left of it.
  @Test func decayComesAfter() throws {
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(1), weightDecay: .init(0.5, .coupled), clipping: .global(6.5), steps: 1,
      loss: UpdateCases.loss)
    let found = try UpdateCases.run(
      optimizer, from: [100, 0, 0], gradients: [[3, 4, 12]], layout: UpdateCases.small())
    #expect(elementwiseRelativeError(found, [100 - 1.5 - 50, -2, -6]) < 1e-15)
  }

  @Test func theNormIsReportedBeforeClipping() throws {
    let optimizer = Optimizer(
      .gradientDescent(), learningRate: .value(1), clipping: .global(1), steps: 1, loss: UpdateCases.loss)
    let update = try ParameterUpdate<Float>(optimizer, layout: UpdateCases.small())
    var parameters: [Float] = [0, 0, 0]
    #expect(update.apply(step: 0, parameters: &parameters, gradient: [3, 4, 12]) == .updated(gradientNorm: 13))
  }
}
