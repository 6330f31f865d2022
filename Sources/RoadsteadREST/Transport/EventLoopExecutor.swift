import NIOCore

/// Runs tasks on the thread of one event loop.
///
/// A request whose task runs where its connection lives goes through no queue and wakes no other thread (measured: the
/// hops were a third of a small request's CPU). Nothing on this way may block: the store's reads give up after about a
/// millisecond and go on elsewhere, passwords are hashed on their own threads.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
