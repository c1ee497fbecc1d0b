import Foundation
import OrreryFindings
import OrreryFormats
import OrreryTensors
import Testing

@Suite("Recording in memory") struct MemoryRecorderTests {
  @Test func everythingIsKeptInOrder() throws {
    let recorder = MemoryRecorder()
    #expect(try recorder.savedProgress() == nil)
    let observations = [Observation("loss", step: 1, value: 2), Observation("kernel", shape: [2, 1], values: [3, 4])]
    try recorder.record(observations)
    try recorder.record("outputs", Tensor(shape: [1, 1], elements: [5]))
    try recorder.save(Checkpoint(member: 2, step: 3, tensors: [:]))
    try recorder.save(RunProgress(step: 3, mark: [7]))
    try recorder.save(RunProgress(step: 4, mark: [8]))
    #expect(recorder.observations == observations && observations[0].shape == [])
    #expect(recorder.arrays.map(\.name) == ["outputs"])
    #expect(recorder.checkpoints.map(\.member) == [2])
    #expect(try recorder.savedProgress()?.mark == [8])
    #expect(try MemoryRecorder(progress: RunProgress(step: 9)).savedProgress()?.step == 9)
  }

  @Test func observationsAreCodable() throws {
    let observation = Observation("loss", numericsVersion: 2, member: 1, step: 3, shape: [1], values: [0.5])
    let data = try JSONEncoder().encode(observation)
    #expect(try JSONDecoder().decode(Observation.self, from: data) == observation)
  }
}
