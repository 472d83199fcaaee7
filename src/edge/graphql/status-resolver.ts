import { Arg, Ctx, ID, Resolver, Root, Subscription } from 'type-graphql';
import type { JobStatusEvent } from '../../domain/job/status-events.js';
import { abortable } from './abortable.js';
import type { GraphqlContext } from './context.js';
import { JobStatusEventObject } from './types/job.js';

interface WatchArgs {
  readonly jobId?: string | null;
  readonly datasetId?: string | null;
  readonly after?: string | null;
}

@Resolver(() => JobStatusEventObject)
export class StatusResolver {
  @Subscription(() => JobStatusEventObject, {
    description:
      'Sends the current status immediately, then every change in order, without gaps. With jobId, the stream ends after the final status. With datasetId, it starts with every job that is not final, or with the last job if all are final. It reports up to 200 jobs at a time, and ends once the dataset is deleted and the final status of each of its jobs has been sent. Errors: NOT_FOUND, BAD_REQUEST unless jobId or datasetId is given.',
    subscribe: ({ args, context }: { args: WatchArgs; context: GraphqlContext }) =>
      abortable((signal) => {
        const request = { jobId: args.jobId ?? undefined, datasetId: args.datasetId ?? undefined };
        return context.reader.jobs.watch({ ...request, after: args.after ?? undefined }, signal);
      }),
  })
  jobStatusChanged(
    @Root() event: JobStatusEvent,
    @Ctx() { shared, room }: GraphqlContext,
    @Arg('jobId', () => ID, { nullable: true, description: 'The id of the job to watch.' }) _jobId?: string,
    @Arg('datasetId', () => ID, { nullable: true, description: 'The id of the dataset whose jobs to watch.' })
    _datasetId?: string,
    @Arg('after', () => ID, {
      nullable: true,
      description:
        'The id of the last event that you received. The stream then starts with the events after it, and none is lost. With datasetId, some events may be sent again, with the same ids: those of jobs that were perhaps not final a second before that event was sent.',
    })
    _after?: string,
  ): JobStatusEvent {
    shared.forget();
    room.restart();
    return event;
  }
}
